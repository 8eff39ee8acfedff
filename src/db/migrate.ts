import type { Database } from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { UserFault } from '../lib/user-fault.ts';

/** 'ssmA' as SQLite's application_id: `file archive.db` and this code can tell an archive from another database. */
const APPLICATION_ID = 0x73736d41;

/**
 * Brings the file to this version's tables, all pending migrations in one transaction; safe to repeat, and safe when
 * two processes start at once. Keeps drizzle's own record of what was applied.
 * Throws UserFault where the file is another program's database or was made by a newer version.
 */
export function migrate(sqlite: Database, migrationsFolder: string): void {
  const migrations = readMigrationFiles({ migrationsFolder });
  const newest = Math.max(...migrations.map((migration) => migration.folderMillis));
  const applied = lastApplied(sqlite);
  if (applied > newest) {
    throw new UserFault(
      `The archive ${sqlite.name} was made by a newer version of ssm-archive. Use that version or a later one; this one would not know its tables.`,
      { exitCode: 2 },
    );
  }
  if (applied === newest) return;
  sqlite
    .transaction(() => {
      sqlite.exec(
        'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER) STRICT',
      );
      sqlite.pragma(`application_id = ${APPLICATION_ID}`);
      const record = sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
      const before = lastApplied(sqlite);
      for (const migration of migrations.filter(({ folderMillis }) => folderMillis > before)) {
        for (const statement of migration.sql) sqlite.exec(statement);
        record.run(migration.hash, migration.folderMillis);
      }
    })
    .immediate();
}

/**
 * Throws UserFault where the file is another program's database. Nothing of the file is changed by looking.
 */
export function refuseForeignFile(sqlite: Database): void {
  lastApplied(sqlite);
}

/** When the newest applied migration was made, in epoch milliseconds; 0 for an empty file. */
function lastApplied(sqlite: Database): number {
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  if (tables.length === 0) return 0;
  if (
    sqlite.pragma('application_id', { simple: true }) !== APPLICATION_ID ||
    !tables.includes('__drizzle_migrations')
  ) {
    throw new UserFault(
      `${sqlite.name} is a SQLite database, but not an ssm-archive. Point SSM_ARCHIVE_DB at an archive, or at a file that does not exist yet.`,
      { exitCode: 2 },
    );
  }
  return Number(sqlite.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() ?? 0);
}
