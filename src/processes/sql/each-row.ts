import type { Database } from 'better-sqlite3';
import { prepareEachRow } from '../../db/each-row.ts';
import type { SqlCell } from '../../questions/sql/encode-value.ts';
import { sqlTokens } from '../../questions/sql/sql-tokens.ts';

/** With more columns than this, a row costs so much that a faster way of reading it gains nothing. */
const MOST_COLUMNS = 100;

/**
 * Calls `onRow` for each row of a query, which it wraps in another query. Returns false if the query can't be wrapped;
 * then nothing has run.
 */
export function eachRow(
  sqlite: Database,
  sql: string,
  args: unknown[],
  columns: number,
  onRow: (row: SqlCell[]) => void,
): boolean {
  if (columns > MOST_COLUMNS) return false;
  let run: ReturnType<typeof prepareEachRow>;
  try {
    run = prepareEachRow(sqlite, { sql: withoutEnd(sql), columns, isExact: true });
  } catch {
    // The query can't be wrapped, for example because it ends in a comment that is not closed.
    return false;
  }
  run(args, (row) => onRow(row as SqlCell[]));
  return true;
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
