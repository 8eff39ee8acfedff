import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** How far the revisions were counted on a connection, and what of the archive had been pruned then. */
interface Counted {
  count: number;
  seq: number;
  prunings: number;
}

const counted = new WeakMap<Database, Counted>();

/**
 * How many observed states the archive has. Their numbers are shared with the entries of the ledger, so that the last one's number is more.
 * A connection counts the new ones alone, and all of them again after a pruning: nothing else takes any away.
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
