import type { Database } from 'better-sqlite3';

type OnRow = (row: unknown[]) => void;

/**
 * The functions that SQLite calls for each row. No user's query may call them, because it could add rows to its own
 * answer.
 */
export const ROW_FUNCTIONS = ['ssm_archive_row', 'ssm_archive_exact_row'] as const;

export interface RowQuery {
  /** One SELECT, without a semicolon. */
  sql: string;
  /** The number of columns, at most 100. */
  columns: number;
  /** Whether integers are bigint. */
  isExact?: boolean;
}

/**
 * The functions that receive rows now. Each connection has two: one for rows with exact integers, and one for other
 * rows.
 */
const listeners = new WeakMap<Database, Map<boolean, { onRow: OnRow | undefined }>>();

/**
 * Prepares the query and returns the function that runs it: SQLite calls `onRow` for each row. That takes a third less
 * time than the driver's iterator, which crosses into the driver and makes an object for each row. Throws as `prepare`
 * does if the SQL can't be a subquery. `onRow` must not use the same connection.
 */
export function prepareEachRow(
  sqlite: Database,
  { sql, columns, isExact = false }: RowQuery,
): (params: readonly unknown[], onRow: OnRow) => void {
  const listener = listenerOf(sqlite, isExact);
  const names = Array.from({ length: columns }, (_, i) => `c${i}`).join(', ');
  // LIMIT -1 keeps the query's own order: SQLite may drop an ORDER BY below an aggregate, but not below a LIMIT.
  const statement = sqlite.prepare(
    `WITH q(${names}) AS (SELECT * FROM (${sql}\n) LIMIT -1) SELECT count(${functionOf(isExact)}(${names})) FROM q`,
  );
  return (params, onRow) => {
    listener.onRow = onRow;
    try {
      statement.get(...params);
    } finally {
      listener.onRow = undefined;
    }
  };
}

function functionOf(isExact: boolean): string {
  return ROW_FUNCTIONS[isExact ? 1 : 0];
}

function listenerOf(sqlite: Database, isExact: boolean): { onRow: OnRow | undefined } {
  const known = listeners.get(sqlite) ?? new Map<boolean, { onRow: OnRow | undefined }>();
  listeners.set(sqlite, known);
  const own = known.get(isExact);
  if (own) return own;
  const listener: { onRow: OnRow | undefined } = { onRow: undefined };
  const name = functionOf(isExact);
  sqlite.function(name, { varargs: true, directOnly: true, safeIntegers: isExact }, (...row: unknown[]) => {
    // There is no receiver if a user's SQL calls this function.
    if (!listener.onRow) throw new Error(`no such function: ${name}`);
    listener.onRow(row);
    return null;
  });
  known.set(isExact, listener);
  return listener;
}
