import { isDeepStrictEqual } from 'node:util';
import SQLite from 'better-sqlite3';

/** The tables and columns that are compared. The first two columns identify a row. */
const TABLES = ['invocations', 'plugins', 'outputs'];

/**
 * Returns how many rows each of the two archives has; throws if a row differs in any column. Reads each row once, and
 * keeps none in memory.
 */
export function compareTables(ours: string, rival: string): number {
  const mine = new SQLite(ours, { readonly: true });
  const theirs = new SQLite(rival, { readonly: true });
  let rows = 0;
  for (const table of TABLES) {
    const others = rowsOf(theirs, table);
    for (const row of rowsOf(mine, table)) {
      const { value: other } = others.next();
      if (!isDeepStrictEqual(row, other))
        throw new Error(
          `${table}: the archive has ${JSON.stringify(row)}, and the rival's file ${JSON.stringify(other)}.`,
        );
      rows += 1;
    }
    if (!others.next().done) throw new Error(`${table}: the rival's file has more rows.`);
  }
  mine.close();
  theirs.close();
  return rows;
}

function rowsOf(sqlite: SQLite.Database, table: string): IterableIterator<unknown> {
  return sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).iterate();
}
