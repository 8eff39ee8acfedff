import type { Database } from 'better-sqlite3';

/**
 * The faults that SQLite finds in the file's pages, indexes, constraints and foreign keys. Empty if nothing is wrong.
 */
export function checkArchive(sqlite: Database): string[] {
  const found = sqlite.prepare('PRAGMA integrity_check(20)').pluck().all().map(String);
  const orphans = sqlite
    .prepare<[], { table: string; rowid: number; parent: string }>('PRAGMA foreign_key_check')
    .all();
  return [
    ...found.filter((line) => line !== 'ok'),
    ...orphans
      .slice(0, 20)
      .map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to a row of ${parent} that is missing`),
  ];
}
