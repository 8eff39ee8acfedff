import type { SqlAsker, SqlDeps } from '../processes/sql/ask-sql.ts';
import { readyEngine } from '../processes/sql/ready-engine.ts';
import type { Report } from '../questions/reports/report.ts';
import { explainedSql } from '../questions/sql/explained-sql.ts';
import { USUAL_ENGINE } from '../questions/sql/sql-engine.ts';
import { SqlFault } from '../questions/sql/sql-fault.ts';

/** This is far more bytes than a row of EXPLAIN has. */
const MOST_BYTES = 1_000_000;

/**
 * Prepares the report's SQL in the process that will run it, without running it. Throws SqlFault with the engine's words
 * and the position in the report's own text, and the errors of any query.
 */
export async function tryReport(
  deps: Pick<SqlDeps, 'pool' | 'lake' | 'memoryBytes'>,
  report: Report,
  asker: SqlAsker,
): Promise<void> {
  const { engine = USUAL_ENGINE } = report;
  // The prepared statement does not depend on the values.
  const params = Object.fromEntries(report.parameters.map(({ name }) => [name, null]));
  const { gather } = await readyEngine(deps, engine);
  if (engine === 'lake') {
    // DuckDB's EXPLAIN is refused, since it names files. A query with a limit of 0 is not run.
    await gather({ sql: report.sql, params, limit: 0, maxBytes: MOST_BYTES }, asker);
    return;
  }
  const { sql, toOwn } = explainedSql(report.sql, 'EXPLAIN');
  try {
    await gather({ sql, params, limit: 1, maxBytes: MOST_BYTES }, asker);
  } catch (error) {
    if (!(error instanceof SqlFault) || !error.data.position) throw error;
    throw new SqlFault(error.message, { ...error.data, position: toOwn(error.data.position) }, { cause: error });
  }
}
