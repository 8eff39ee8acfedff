import type { Database } from 'better-sqlite3';
import { IS_IN_LAKE, MAY_BE_IN_LAKE } from '../../sealed/day-moves.ts';

/** Says whether a leaf without a row may be one whose row is in the lake: whether a sealed day has such seqs. */
export type IsSealedSeq = (seq: number) => boolean;

/**
 * Returns what `sealed_days` says of the seqs of sealed leaves. Days overlap, and between the leaves of a day are those
 * of other days: which leaves exactly are sealed only the lake says. How many there are is compared in countLakeOnly.
 */
export function createSealedSeqs(sqlite: Database): IsSealedSeq {
  const spans: { first: number; last: number }[] = [];
  const rows = sqlite
    .prepare<[], { first: number; last: number }>(
      `SELECT first_seq AS first, min(last_seq, tree_size) AS last FROM main.sealed_days s WHERE ${DAY_IN_LAKE} ORDER BY first_seq`,
    )
    .all();
  for (const { first, last } of rows) {
    const before = spans.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else spans.push({ first, last });
  }
  return (seq) => spans.some(({ first, last }) => seq >= first && seq <= last);
}

/** SQL on `s`: whether rows of a sealed day may be in the lake alone. All rows of an unsealed day are in this file. */
export const DAY_IN_LAKE = 's.pruned_seq IS NULL AND s.is_unsealed = 0';

/** SQL on `s`: how many rows of a table of leaves are in this file and in the lake. */
function both(table: string): string {
  return `(SELECT count(*) FROM main.invocations i JOIN main.${table} l ON l.invocation_id = i.id AND l.seq <= s.tree_size
    WHERE ${MAY_BE_IN_LAKE} AND ${IS_IN_LAKE})`;
}

/** What is in the lake and not in this file, by the rows of `sealed_days` and the rows that are hot. */
export interface LakeOnly {
  leaves: number;
  invocations: number;
}

/**
 * Counts what must be in the lake alone: what `sealed_days` says that the lake has, without what is still, or again, in
 * this file. A row that was removed from the file and is not in the lake makes the count of missing rows larger.
 */
export function countLakeOnly(sqlite: Database): LakeOnly {
  const found = sqlite
    .prepare<[], LakeOnly>(
      `SELECT coalesce(sum(s.leaves - ${both('revisions')} - ${both('full_outputs')}), 0) AS leaves,
              coalesce(sum(s.invocations - (SELECT count(*) FROM main.invocations i
                WHERE ${MAY_BE_IN_LAKE} AND ${IS_IN_LAKE})), 0) AS invocations
         FROM main.sealed_days s WHERE ${DAY_IN_LAKE}`,
    )
    .get();
  return found ?? { leaves: 0, invocations: 0 };
}
