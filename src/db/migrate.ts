import type { Database } from 'better-sqlite3';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { UserFault } from '../lib/errors/user-fault.ts';
import { APPLICATION_IDS } from '../lib/files/application-ids.ts';

/**
 * Brings the file to this version's tables, all pending migrations in one transaction; safe to repeat, and safe when
 * two processes start at once. Keeps drizzle's own record of what was applied.
 * Throws UserFault where the file is another program's database or was made by a newer version.
 */
export function migrate(sqlite: Database, migrationsFolder: string): void {
  if (isMigrated(sqlite, migrationsFolder)) return;
  const migrations = readMigrationFiles({ migrationsFolder });
  // One of them changes a definition that no ALTER TABLE can, in sqlite_schema itself: no connection may at other times.
  sqlite.unsafeMode(true);
  try {
    applyPending(sqlite, migrations);
  } finally {
    sqlite.unsafeMode(false);
  }
}

function applyPending(sqlite: Database, migrations: readonly MigrationMeta[]): void {
  sqlite
    .transaction(() => {
      sqlite.exec(
        'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at INTEGER) STRICT',
      );
      sqlite.pragma(`application_id = ${APPLICATION_IDS.archive}`);
      const record = sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
      const before = lastApplied(sqlite);
      for (const migration of migrations.filter(({ folderMillis }) => folderMillis > before)) {
        for (const statement of migration.sql) sqlite.exec(statement);
        record.run(migration.hash, migration.folderMillis);
      }
    })
    .immediate();
}

/** Whether the file has this version's tables. Throws as `migrate` does; nothing of the file is changed by looking. */
export function isMigrated(sqlite: Database, migrationsFolder: string): boolean {
  const newest = Math.max(...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis));
  const applied = lastApplied(sqlite);
  if (applied > newest) {
    throw new UserFault(
      `The archive ${sqlite.name} was made by a newer version of ssm-archive. Use that version or a later one; this one would not know its tables.`,
      { exitCode: 2 },
    );
  }
  return applied === newest;
}

/** Which of this version's migrations a file has, as their number: 0 for an empty file. Throws as `migrate` does. */
export function schemaOf(sqlite: Database, migrationsFolder: string): number {
  const applied = lastApplied(sqlite);
  return readMigrationFiles({ migrationsFolder }).filter(({ folderMillis }) => folderMillis <= applied).length;
}

/** The schema that this version has. */
export function newestSchema(migrationsFolder: string): number {
  return readMigrationFiles({ migrationsFolder }).length;
}

/** Whether nothing is in the file yet. Throws UserFault where it is another program's database. */
export function isNewFile(sqlite: Database): boolean {
  return lastApplied(sqlite) === 0;
}

/** When the newest applied migration was made, in epoch milliseconds; 0 for an empty file. */
function lastApplied(sqlite: Database): number {
  const tables = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  if (tables.length === 0) return 0;
  if (
    sqlite.pragma('application_id', { simple: true }) !== APPLICATION_IDS.archive ||
    !tables.includes('__drizzle_migrations')
  ) {
    throw new UserFault(
      `${sqlite.name} is a SQLite database, but not an ssm-archive. Point --db or SSM_ARCHIVE_DB at an archive, or at a file that does not exist yet.`,
      { exitCode: 2 },
    );
  }
  return Number(sqlite.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() ?? 0);
}
