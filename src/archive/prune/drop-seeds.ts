import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isSeed } from '../../ledger/entries/line-secrets.ts';
import { bury, type PruneOrder } from './bury.ts';
import { rewriteBatches, writeBatches } from './rewrite-batches.ts';

/** A tombstone must fit into an entry bundle, and names each batch in 160 bytes at most. */
const AT_ONCE = 250;

/**
 * Earlier versions left a batch its seed when some of its states were pruned, and with the seed somebody could confirm a
 * guess at these. Takes the seeds of the next such batches away, with a tombstone that names the batches as they are
 * then, and returns how many there were. Call it within a transaction.
 */
export function dropSeeds(sqlite: Database, { order, at }: { order: PruneOrder; at: string }): number {
  const ids = prepareOnce<[], { id: number; salt: Buffer }>(
    sqlite,
    `SELECT p.id, p.salt FROM main.revision_pages p WHERE p.salt IS NOT NULL AND length(p.salt) <= 33
        AND p.id IN (SELECT page_id FROM main.pruned_pages UNION SELECT page_id FROM main.sealed_pages)`,
  )
    .all()
    .filter(({ salt }) => isSeed(salt))
    .slice(0, AT_ONCE);
  if (ids.length === 0) return 0;
  const batches = rewriteBatches(
    sqlite,
    ids.map(({ id }) => ({ batchId: id, line: -1 })),
  );
  bury(sqlite, { ...order, what: 'entries', at, ranges: [], batches, places: [] });
  writeBatches(sqlite, batches);
  return ids.length;
}
