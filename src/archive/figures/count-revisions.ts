import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** Up to where a connection has counted the revisions, and how much had been pruned at that time. */
interface Counted {
  count: number;
  seq: number;
  prunings: number;
}

const counted = new WeakMap<Database, Counted>();

/**
 * How many observed states the archive has. The number of the last one is higher, because entries of the ledger share
 * the same series. A connection only counts the new ones, and counts all again after a pruning run, since only pruning
 * removes any.
 */
export function countRevisions(sqlite: Database): number {
  return sqlite.transaction(() => {
    const prunings =
      prepareOnce<[], { n: number }>(sqlite, 'SELECT count(*) AS n FROM main.pruned_leaves').get()?.n ?? 0;
    const known = counted.get(sqlite);
    const from = known?.prunings === prunings ? known : { count: 0, seq: 0 };
    const more = prepareOnce<[number], { n: number; seq: number | null }>(
      sqlite,
      'SELECT count(*) AS n, max(seq) AS seq FROM main.revisions WHERE seq > ?',
    ).get(from.seq);
    const now = { count: from.count + (more?.n ?? 0), seq: more?.seq ?? from.seq, prunings };
    counted.set(sqlite, now);
    return now.count;
  })();
}
