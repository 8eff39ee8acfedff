import type { Database, Statement } from 'better-sqlite3';

/**
 * More statements than the code has. The limit matters only if a statement contains values that should be parameters.
 */
const MOST_STATEMENTS = 1000;

const prepared = new WeakMap<Database, Map<string, Statement>>();

/**
 * Returns the statement for a text on a connection. It is prepared at its first use and kept, because preparing costs
 * as much as reading a page.
 */
export function prepareOnce<Params extends unknown[], Row>(sqlite: Database, sql: string): Statement<Params, Row> {
  let statements = prepared.get(sqlite);
  if (!statements) {
    statements = new Map();
    prepared.set(sqlite, statements);
  }
  let statement = statements.get(sql);
  if (!statement) {
    if (statements.size >= MOST_STATEMENTS) statements.clear();
    statement = sqlite.prepare(sql);
    statements.set(sql, statement);
  }
  return statement as Statement<Params, Row>;
}
