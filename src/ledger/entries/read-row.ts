import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { TableRow } from './entries.ts';

/**
 * Returns the row of a table with this key, by column names. Table names come from code, never from input. Throws if
 * there is no such row.
 */
export function readRow(sqlite: Database, table: string, key: Readonly<Record<string, unknown>>): TableRow {
  const where = Object.keys(key).map((column) => `${column} IS :${column}`);
  const row = prepareOnce<[object], TableRow>(sqlite, `SELECT * FROM main.${table} WHERE ${where.join(' AND ')}`).get(
    key,
  );
  if (!row) throw new Error(`${table} has no row ${JSON.stringify(key)}.`);
  return row;
}
