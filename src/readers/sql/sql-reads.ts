import type { Database } from 'better-sqlite3';
import { selectJson } from './select-json.ts';
import { selectLines } from './select-lines.ts';

/** What a process that answers SQL can be asked. */
export const sqlReads = { selectJson, selectLines };

export type SqlReads = typeof sqlReads;

/** Reads the schema, and runs once what every query runs. */
export function warmUp(sqlite: Database): void {
  const sql = 'SELECT name, type FROM sqlite_schema ORDER BY name';
  const answer = selectJson(sqlite, { sql, limit: 10, maxBytes: 1_000_000 }, { note() {} });
  while (!answer.next().done);
}
