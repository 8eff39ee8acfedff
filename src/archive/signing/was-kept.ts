import { basename, dirname, join } from 'node:path';
import { readRecordAt } from '../../ledger/signing-record/read-record.ts';
import { type RecordOwner, recordPlaces } from '../../ledger/signing-record/record-places.ts';
import { namesIn } from '../../lib/files/names-in.ts';

/** Whether a record of this key was kept when another key replaced it. If so, it is an earlier key of this archive. */
export function wasKept(owner: RecordOwner, origin: string): boolean {
  return recordPlaces(owner).some((place) => {
    const stem = `${basename(place).replace(/\.signed$/, '')}.`;
    return namesIn(dirname(place))
      .filter((name) => name.startsWith(stem) && /\.signed\.old(\.\d+)?$/.test(name))
      .some((name) => originAt(join(dirname(place), name)) === origin);
  });
}

function originAt(path: string): string | undefined {
  try {
    return readRecordAt(path)?.origin;
  } catch {
    return undefined;
  }
}
