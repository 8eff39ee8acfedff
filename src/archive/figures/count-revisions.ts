import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * How many revisions a connection has counted, up to which `seq`, and how many prunings there had been at that time.
 */
interface Counted {
  count: number;
  seq: number;
  prunings: number;
}

const counted = new WeakMap<Database, Counted>();

/**
 * How many observed states the archive has. The `seq` of the last state is no such count, because other entries of the
 * ledger are numbered in the same series. A connection counts only the new states. After a pruning run it counts all of
 * them again, because only pruning removes states.
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
