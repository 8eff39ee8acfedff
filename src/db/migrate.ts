import type { Database } from 'better-sqlite3';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { UserFault } from '../lib/errors/user-fault.ts';
import { APPLICATION_IDS } from '../lib/files/application-ids.ts';

/**
 * Migrates the file to this version's tables, with all pending migrations in one transaction. It may be repeated, and
 * two processes may start it at once. It keeps drizzle's own record of applied migrations. Throws UserFault if the file
 * is another program's database or was made by a newer version.
 */
export function migrate(sqlite: Database, migrationsFolder: string): void {
  if (isMigrated(sqlite, migrationsFolder)) return;
  const migrations = readMigrationFiles({ migrationsFolder });
  // One migration changes a definition in sqlite_schema itself, which no ALTER TABLE can do. Connections may not do
  // that at any other time.
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

/** Whether the file has this version's tables. Throws as `migrate` does. Changes nothing in the file. */
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

/** Returns how many of this version's migrations a file has: 0 for an empty file. Throws as `migrate` does. */
export function schemaOf(sqlite: Database, migrationsFolder: string): number {
  const applied = lastApplied(sqlite);
  return readMigrationFiles({ migrationsFolder }).filter(({ folderMillis }) => folderMillis <= applied).length;
}

/** Returns the number of this version's newest schema. */
export function newestSchema(migrationsFolder: string): number {
  return readMigrationFiles({ migrationsFolder }).length;
}

/** Whether the file is still empty. Throws UserFault if it is another program's database. */
export function isNewFile(sqlite: Database): boolean {
  return lastApplied(sqlite) === 0;
}

/** Returns when the newest applied migration was made, in epoch milliseconds; 0 for an empty file. */
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
