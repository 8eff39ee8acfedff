import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';
import { onTestEnd } from '../on-test-end.ts';

/** Makes a folder for the current test; the folder and its content are removed when that test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-test-'));
  onTestEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes an empty archive with the real migrations, which is closed and removed when the test ends. */
export function tempArchive(): ArchiveDb {
  const db = openArchive(join(tempFolder(), 'archive.db'));
  onTestEnd(() => db.close());
  return db;
}

/** Returns every row of a table or view, columns by name. */
export function rowsOf({ sqlite }: ArchiveDb, table: string): Record<string, unknown>[] {
  return sqlite.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
}

/**
 * Returns how many rows this connection has written since it was opened. If code writes nothing, this number stays the
 * same.
 */
export function writesOf({ sqlite }: ArchiveDb): number {
  return Number(sqlite.prepare('SELECT total_changes()').pluck().get());
}
