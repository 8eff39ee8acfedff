import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { packageRoot } from '../../src/lib/process/package-root.ts';

/** Makes a file as the first version left it, with only the first migration, and these rows. */
export function archiveOfFirstVersion(path: string, rows = ''): void {
  archiveOfSchema(path, 1, rows);
}

/** Makes a file as the version with this many migrations left it, with these rows. */
export function archiveOfSchema(path: string, schema: number, rows = ''): void {
  const migrations = readMigrationFiles({ migrationsFolder: join(packageRoot(), 'migrations') }).slice(0, schema);
  if (migrations.length < schema) throw new Error(`There are fewer than ${schema} migrations.`);
  const sqlite = new SQLite(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('application_id = 0x73736d41');
  sqlite.exec(
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER) STRICT',
  );
  const record = sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
  for (const { sql, hash, folderMillis } of migrations) {
    for (const statement of sql) sqlite.exec(statement);
    record.run(hash, folderMillis);
  }
  sqlite.exec(rows);
  sqlite.close();
}
