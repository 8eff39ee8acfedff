import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * How many revisions a connection has counted, up to which `seq`, and how much had been pruned and sealed at that time.
 */
interface Counted {
  count: number;
  seq: number;
  removals: string;
}

const counted = new WeakMap<Database, Counted>();

/**
 * How many observed states the file has. The `seq` of the last state is no such count, because other entries of the
 * ledger are numbered in the same series. A connection counts only the new states. After a pruning run or a seal it counts
 * all of them again, because nothing else removes states.
 */
export function countRevisions(sqlite: Database): number {
  return sqlite.transaction(() => {
    const removals =
      prepareOnce<[], string>(
        sqlite,
        `SELECT (SELECT count(*) FROM main.pruned_leaves) || ' ' || (SELECT total(invocations) FROM main.sealed_commands)`,
      )
        .pluck()
        .get() ?? '';
    const known = counted.get(sqlite);
    const from = known?.removals === removals ? known : { count: 0, seq: 0 };
    const more = prepareOnce<[number], { n: number; seq: number | null }>(
      sqlite,
      'SELECT count(*) AS n, max(seq) AS seq FROM main.revisions WHERE seq > ?',
    ).get(from.seq);
    const now = { count: from.count + (more?.n ?? 0), seq: more?.seq ?? from.seq, removals };
    counted.set(sqlite, now);
    return now.count;
  })();
}
