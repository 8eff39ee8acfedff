import type { FullOutput } from '../../../../archive/outputs/list-full-outputs.ts';
import { PLACE_NAMES } from '../../../../archive/outputs/say-unfetched.ts';
import { count, Text, Time } from '../values/values.tsx';

/** Where a fetched output comes from, when it was fetched, and its size. */
export function OutputFacts({ full }: { full: FullOutput }) {
  const { provenance, locationJson, fetchedAt, sizeBytes, encoding } = full;
  const place = locationJson === null ? '' : Object.values<string>(JSON.parse(locationJson)).join('/');
  return (
    <p class="quiet close">
      From {PLACE_NAMES[provenance]}
      {place !== '' && (
        <>
          , <Text of={place} />
        </>
      )}{' '}
      · fetched <Time at={fetchedAt} /> · {count(sizeBytes)} bytes
      {encoding.startsWith('utf-16') && <> · its program wrote UTF-16, which is decoded here</>}
      {encoding === 'latin1' && <> · not all of it is text: each byte is shown as the character with its number</>}
    </p>
  );
}

/** Says whether a fetched output is whole, and if not, where it ends and why. */
export function OutputCut({ full: { cutBy, sizeBytes, totalBytes } }: { full: FullOutput }) {
  if (cutBy === null) return <p class="quiet close">It is whole.</p>;
  return (
    <p class="note">
      It is cut: only the first {count(sizeBytes)} bytes {totalBytes === null ? '' : `of ${count(totalBytes)} `}are
      here,{' '}
      {cutBy === 'service' ? (
        'since the service had no more.'
      ) : (
        <>
          since the archive keeps no more of a stream (<code>SSM_ARCHIVE_OUTPUT_MAX_BYTES</code>).
        </>
      )}
    </p>
  );
}
