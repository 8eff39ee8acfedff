import type { ReadOptions } from '../processes/pool/read-task.ts';
import type { SqlPool } from '../processes/sql/create-sql-pool.ts';
import type { Report } from '../questions/reports/report.ts';
import { explainedSql } from '../questions/sql/explained-sql.ts';
import { SqlFault } from '../questions/sql/sql-fault.ts';

/** This is far more bytes than a row of EXPLAIN has. */
const MOST_BYTES = 1_000_000;

/**
 * Prepares the report's SQL in the process that will run it, without running it. Throws SqlFault with SQLite's words
 * and the position in the report's own text, and the errors of any query.
 */
export async function tryReport({ pool }: { pool: SqlPool }, report: Report, options: ReadOptions): Promise<void> {
  // The prepared statement does not depend on the values.
  const params = Object.fromEntries(report.parameters.map(({ name }) => [name, null]));
  const input = { params, limit: 1, maxBytes: MOST_BYTES };
  const { sql, toOwn } = explainedSql(report.sql, 'EXPLAIN');
  try {
    await pool.gather('selectJson', { ...input, sql }, options);
  } catch (error) {
    if (!(error instanceof SqlFault) || !error.data.position) throw error;
    throw new SqlFault(error.message, { ...error.data, position: toOwn(error.data.position) }, { cause: error });
  }
}
