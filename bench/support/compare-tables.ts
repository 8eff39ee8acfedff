import { isDeepStrictEqual } from 'node:util';
import SQLite from 'better-sqlite3';

/** What an archive holds of each reply. Their first two columns are what tells their rows apart. */
const TABLES = ['invocations', 'plugins', 'outputs'];

/** Returns how many rows two archives hold; throws where one of them differs in any column. Each is read once, and none held. */
export function compareTables(ours: string, rival: string): number {
  const mine = new SQLite(ours, { readonly: true });
  const theirs = new SQLite(rival, { readonly: true });
  let rows = 0;
  for (const table of TABLES) {
    const others = rowsOf(theirs, table);
    for (const row of rowsOf(mine, table)) {
      const { value: other } = others.next();
      if (!isDeepStrictEqual(row, other))
        throw new Error(`${table}: ours is ${JSON.stringify(row)}, and the rival's ${JSON.stringify(other)}.`);
      rows += 1;
    }
    if (!others.next().done) throw new Error(`${table}: the rival has more rows.`);
  }
  mine.close();
  theirs.close();
  return rows;
}

function rowsOf(sqlite: SQLite.Database, table: string): IterableIterator<unknown> {
  return sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).iterate();
}
