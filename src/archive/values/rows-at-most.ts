import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** What a question may look through of each table where no index helps: a tenth of a second, or some. */
const MOST_ROWS = {
  invocations: 300_000,
  plugins: 500_000,
  commands: 500_000,
  run_sources: 100_000,
  sweeps: 100_000,
} as const;

/** Whether a table surely has no more rows than a question may look through. By the first and last row number: it reads two rows. */
export function hasFewRows(sqlite: Database, table: keyof typeof MOST_ROWS): boolean {
  const { first, last } = prepareOnce<[], { first: number | null; last: number | null }>(
    sqlite,
    `SELECT (SELECT min(rowid) FROM main.${table}) AS first, (SELECT max(rowid) FROM main.${table}) AS last`,
  ).get() ?? { first: null, last: null };
  return first === null || last === null || last - first < MOST_ROWS[table];
}
