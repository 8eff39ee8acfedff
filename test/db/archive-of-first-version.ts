import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { packageRoot } from '../../src/lib/package-root.ts';

/** A file as the first version left it: its migration alone, and rows. */
export function archiveOfFirstVersion(path: string, rows = ''): void {
  const [first] = readMigrationFiles({ migrationsFolder: join(packageRoot(), 'migrations') });
  if (!first) throw new Error('There is no migration.');
  const sqlite = new SQLite(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('application_id = 0x73736d41');
  sqlite.exec(
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER) STRICT',
  );
  for (const statement of first.sql) sqlite.exec(statement);
  sqlite
    .prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
    .run(first.hash, first.folderMillis);
  sqlite.exec(rows);
  sqlite.close();
}
