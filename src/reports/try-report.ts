import type { Report } from '../lib/report.ts';
import { sqlTokens } from '../lib/sql-tokens.ts';
import type { SqlPool } from '../readers/create-sql-pool.ts';
import type { ReadOptions } from '../readers/read-task.ts';
import { SqlFault } from '../readers/sql/sql-fault.ts';

const PREFIX = 'EXPLAIN\n';
/** Far more than a row of EXPLAIN has. */
const MOST_BYTES = 1_000_000;

/**
 * Has the report's SQL prepared where it will be run, without running it. Throws SqlFault with SQLite's words and the
 * position in the report's own text, and as any query does.
 */
export async function tryReport({ pool }: { pool: SqlPool }, report: Report, options: ReadOptions): Promise<void> {
  // What a statement is prepared to does not depend on values.
  const params = Object.fromEntries(report.parameters.map(({ name }) => [name, null]));
  const input = { params, limit: 1, maxBytes: MOST_BYTES };
  const prefix = beginsWithExplain(report.sql) ? '' : PREFIX;
  try {
    await pool.gather('selectJson', { ...input, sql: prefix + report.sql }, options);
  } catch (error) {
    if (!(error instanceof SqlFault) || !error.data.position || prefix === '') throw error;
    const { offset, line, column } = error.data.position;
    const position = { offset: offset - prefix.length, line: line - 1, column };
    throw new SqlFault(error.message, { ...error.data, position }, { cause: error });
  }
}

function beginsWithExplain(sql: string): boolean {
  for (const { kind, text } of sqlTokens(sql)) {
    if (kind !== 'space' && kind !== 'comment') return text.toLowerCase() === 'explain';
  }
  return false;
}
