import type { Database } from 'better-sqlite3';
import { contains, containsText } from './contains.ts';
import { decodeText } from './decode-text.ts';
import { localTime } from './local-time.ts';

/**
 * Adds the functions of docs/sql.md to a connection that answers SQL. They are deterministic, change nothing and read
 * no file.
 */
export function addFunctions(sqlite: Database): void {
  sqlite.function('contains', { deterministic: true }, contains);
  sqlite.function('contains_text', { deterministic: true }, containsText);
  sqlite.function('decode_text', { deterministic: true }, decodeText);
  sqlite.function('local_time', { deterministic: true }, localTime);
}
