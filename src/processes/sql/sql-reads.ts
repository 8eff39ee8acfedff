import type { Database } from 'better-sqlite3';
import { addFunctions } from '../../db/functions/add-functions.ts';
import { selectFile } from './select-file.ts';
import { selectJson } from './select-json.ts';
import { selectLines } from './select-lines.ts';

/** The reads that a process for SQL can be asked for. */
export const sqlReads = { selectJson, selectLines, selectFile };

export type SqlReads = typeof sqlReads;

/** Adds the functions that SQL may call, reads the schema, and runs a first query, so that later ones are fast. */
export function warmUp(sqlite: Database): void {
  addFunctions(sqlite);
  const sql = 'SELECT name, type FROM sqlite_schema ORDER BY name';
  const answer = selectJson(sqlite, { sql, limit: 10, maxBytes: 1_000_000 }, { note() {} });
  while (!answer.next().done);
}
