import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** How many rows of a table a question may read without an index. Reading them takes a few tenths of a second. */
const MOST_ROWS = {
  invocations: 300_000,
  plugins: 500_000,
  commands: 500_000,
  run_sources: 100_000,
  sweeps: 100_000,
} as const;

/**
 * Whether a table certainly has no more rows than a question may read, judged by its first and last row number. Reads
 * two rows.
 */
export function hasFewRows(sqlite: Database, table: keyof typeof MOST_ROWS): boolean {
  const { first, last } = prepareOnce<[], { first: number | null; last: number | null }>(
    sqlite,
    `SELECT (SELECT min(rowid) FROM main.${table}) AS first, (SELECT max(rowid) FROM main.${table}) AS last`,
  ).get() ?? { first: null, last: null };
  return first === null || last === null || last - first < MOST_ROWS[table];
}
