import type { Database } from 'better-sqlite3';
import { localTime } from './local-time.ts';

/** Adds the functions of docs/sql.md to a connection that answers SQL. They give the same of the same, touch nothing, and read no file. */
export function addFunctions(sqlite: Database): void {
  sqlite.function('local_time', { deterministic: true }, localTime);
}
