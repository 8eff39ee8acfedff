import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrateArchive } from '../../src/archive/file/migrate-archive.ts';
import { openArchive } from '../../src/db/open.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { rowsOf, tempFolder } from './temp-archive.ts';

/** A file as the first version left it: its migration alone, and rows. */
function archiveOfFirstVersion(path: string, rows: string): void {
  const [first] = readMigrationFiles({ migrationsFolder: join(packageRoot(), 'migrations') });
  if (!first) throw new Error('There is no migration.');
  const sqlite = new SQLite(path);
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

describe('an archive of the first version', () => {
  it('keeps its rows, and has its commands and counts filled in from them', async () => {
    const path = join(tempFolder(), 'archive.db');
    const at = '2026-03-01T10:00:00.000Z';
    const row = (id: number, command: string, status: string, requestedAt: string) =>
      `(${id}, '1', 'r', '${command}', 'i-${id}', 'doc', '${requestedAt}', '${status}', '${at}', '${at}', x'00')`;
    archiveOfFirstVersion(
      path,
      `INSERT INTO invocations (id, account_id, region, command_id, instance_id, document_name, requested_at, status, first_seen_at, changed_at, fingerprint)
       VALUES ${row(1, 'a', 'Success', '2026-02-28T23:59:59.999Z')}, ${row(2, 'a', 'Success', '2026-02-28T09:00:00.000Z')}, ${row(3, 'b', 'Failed', at)}`,
    );
    await migrateArchive(path, { say() {}, signal: new AbortController().signal });
    const db = openArchive(path);
    onTestFinished(() => db.close());
    expect(rowsOf(db, 'invocations')).toHaveLength(3);
    expect(rowsOf(db, 'commands')).toMatchObject([
      { command_id: 'a', document_name: 'doc', requested_at: '2026-02-28T09:00:00.000Z' },
      { command_id: 'b', requested_at: at },
    ]);
    expect(rowsOf(db, 'daily_counts')).toMatchObject([
      { day: '2026-02-28', status: 'Success', invocations: 2 },
      { day: '2026-03-01', status: 'Failed', invocations: 1 },
    ]);
  });
});
