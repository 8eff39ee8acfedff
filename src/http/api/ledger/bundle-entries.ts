import type { LedgerEntry } from '../../../archive/checkpoints/read-ledger-entries.ts';
import { NotFound, NotInThisForm } from '../api-error.ts';

const MOST_BYTES = 65_535;

/**
 * Entries as https://c2sp.org/tlog-tiles bundles them: each its length, big-endian in two bytes, and its bytes. Throws
 * NotInThisForm where one is longer than that can say, and NotFound where one was pruned.
 */
export function bundleEntries(entries: readonly LedgerEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ leaf, entry }) => {
      if (entry === null)
        throw new NotFound(`Leaf ${leaf} was pruned: GET /v1/ledger/entries?from=${leaf}&limit=1 has its hash.`);
      const bytes = Buffer.from(entry);
      if (bytes.length > MOST_BYTES) {
        throw new NotInThisForm(
          `Leaf ${leaf} is ${bytes.length} bytes, and an entry of a bundle ${MOST_BYTES} at most: GET /v1/ledger/entries?from=${leaf}&limit=1 has it.`,
        );
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    }),
  );
}
