import type { EntryView } from '../../../archive/whole/read-all-entries.ts';
import { NotFound, NotInThisForm } from '../api-error.ts';

const MOST_BYTES = 65_535;

/**
 * Returns entries as a bundle in the form of https://c2sp.org/tlog-tiles: for each entry, its length (two bytes,
 * big-endian) and its bytes. Throws NotInThisForm if an entry is too long for that form, and NotFound if one was
 * pruned.
 */
export function bundleEntries(entries: readonly Pick<EntryView, 'leaf' | 'entry'>[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ leaf, entry }) => {
      if (entry === null)
        throw new NotFound(`Leaf ${leaf} was pruned: GET /v1/ledger/entries?from=${leaf}&limit=1 has its hash.`);
      const bytes = Buffer.from(entry);
      if (bytes.length > MOST_BYTES) {
        throw new NotInThisForm(
          `Leaf ${leaf} has ${bytes.length} bytes, but an entry of a bundle may have at most ${MOST_BYTES}: GET /v1/ledger/entries?from=${leaf}&limit=1 has it.`,
        );
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    }),
  );
}
