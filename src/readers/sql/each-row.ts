import type { Database, Statement } from 'better-sqlite3';
import { sqlTokens } from '../../lib/sql-tokens.ts';
import type { SqlCell } from './encode-value.ts';

type OnRow = (row: SqlCell[]) => void;

const FUNCTION = 'ssm_archive_row';
/** SQLite takes more, and then a row costs so much that the way of it does not matter. */
const MOST_COLUMNS = 100;

/** Who hears of the rows now, by connection. */
const listeners = new WeakMap<Database, { onRow: OnRow | undefined }>();

/**
 * Calls `onRow` for each row of a query, through a function that SQLite calls: that takes a third less time than to step
 * from row to row by the driver's iterator. False where the query can't be asked in this way, before anything has run.
 *
 * LIMIT -1 keeps the query's own order: SQLite may drop an ORDER BY below an aggregate, but not below a LIMIT.
 */
export function eachRow(sqlite: Database, sql: string, args: unknown[], columns: number, onRow: OnRow): boolean {
  if (columns > MOST_COLUMNS) return false;
  const names = Array.from({ length: columns }, (_, i) => `c${i}`).join(', ');
  let statement: Statement;
  const listener = listenerOf(sqlite);
  try {
    statement = sqlite.prepare(
      `WITH q(${names}) AS (SELECT * FROM (${withoutEnd(sql)}\n) LIMIT -1) SELECT count(${FUNCTION}(${names})) FROM q`,
    );
  } catch {
    // It ends in a comment that is not closed, say.
    return false;
  }
  listener.onRow = onRow;
  try {
    statement.get(...args);
  } finally {
    listener.onRow = undefined;
  }
  return true;
}

function listenerOf(sqlite: Database): { onRow: OnRow | undefined } {
  const known = listeners.get(sqlite);
  if (known) return known;
  const listener: { onRow: OnRow | undefined } = { onRow: undefined };
  const options = { varargs: true, directOnly: true, safeIntegers: true };
  sqlite.function(FUNCTION, options, (...row: unknown[]) => {
    if (!listener.onRow) throw new Error(`no such function: ${FUNCTION}`);
    listener.onRow(row as SqlCell[]);
    return null;
  });
  listeners.set(sqlite, listener);
  return listener;
}

function withoutEnd(sql: string): string {
  let end = 0;
  let semicolon = -1;
  for (const token of sqlTokens(sql)) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    if (token.text === ';' && token.kind === 'operator') semicolon = token.start;
    else end = token.end;
  }
  return semicolon >= end ? sql.slice(0, semicolon) : sql;
}
