import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { z } from 'zod';
import { packageRoot } from '../../src/lib/process/package-root.ts';

const MIGRATIONS = join(packageRoot(), 'migrations');
const Journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** Makes a file in the state before a migration, with the rows of `fill`. */
export function archiveBefore(path: string, tag: string, fill: (sqlite: SQLite.Database) => void): void {
  const { entries } = Journal.parse(JSON.parse(readFileSync(join(MIGRATIONS, 'meta', '_journal.json'), 'utf8')));
  const before = entries.find((entry) => entry.tag === tag)?.when;
  if (before === undefined) throw new Error(`There is no migration ${tag}.`);
  const sqlite = new SQLite(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('application_id = 0x73736d41');
  sqlite.exec(
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER) STRICT',
  );
  // As in src/db/migrate.ts: one migration changes a definition in sqlite_schema itself.
  sqlite.unsafeMode(true);
  const record = sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
  for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder: MIGRATIONS })) {
    if (folderMillis >= before) continue;
    for (const statement of sql) sqlite.exec(statement);
    record.run(hash, folderMillis);
  }
  sqlite.unsafeMode(false);
  fill(sqlite);
  sqlite.close();
}
