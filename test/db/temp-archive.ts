import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';

/** A folder of its own for the test that asks, removed with all in it when that test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty archive with the real migrations, closed and removed when the test ends. */
export function tempArchive(): ArchiveDb {
  const db = openArchive(join(tempFolder(), 'archive.db'));
  onTestFinished(() => db.close());
  return db;
}

/** Every row of a table or view, columns by name. */
export function rowsOf({ sqlite }: ArchiveDb, table: string): Record<string, unknown>[] {
  return sqlite.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
}

/** How many rows this connection has written in its life: unchanged across something that writes nothing. */
export function writesOf({ sqlite }: ArchiveDb): number {
  return Number(sqlite.prepare('SELECT total_changes()').pluck().get());
}
