import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** A table with an index that begins with two columns. */
export interface PairIndex {
  table: string;
  index: string;
  columns: readonly [string, string];
  /** The condition of a partial index, word for word. */
  where?: string;
}

/**
 * The different pairs of values with which an index begins, in its order. Each pair takes one to three seeks, even if
 * many rows have it. The columns are searched one at a time: for `(a, b) > (?, ?)`, SQLite would read all equal rows
 * before it finds a greater one.
 */
export function* pairsOf(
  sqlite: Database,
  { table, index, columns: [first, second], where = 'true' }: PairIndex,
): Generator<[string, string]> {
  const next = (column: string, condition: string) =>
    prepareOnce<unknown[], string | null>(
      sqlite,
      `SELECT min(${column}) FROM main.${table} INDEXED BY ${index} WHERE ${condition} AND ${where}`,
    ).pluck();
  const nextFirst = next(first, `${first} > ?`);
  const nextSecond = next(second, `${first} = ? AND ${second} > ?`);
  for (let a = nextFirst.get(''); a; a = nextFirst.get(a))
    for (let b = nextSecond.get(a, ''); b; b = nextSecond.get(a, b)) yield [a, b];
}
