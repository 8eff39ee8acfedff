import type { Database } from 'better-sqlite3';
import { openArchiveReadOnly } from '../../../src/db/open.ts';

/** Reads from an archive what a journey must know before it begins. */
export function inArchive<Found>(path: string, read: (archive: Database) => Found): Found {
  const archive = openArchiveReadOnly(path);
  try {
    return read(archive.sqlite);
  } finally {
    archive.close();
  }
}

/** The first row of an answer. Fails if there is none. */
export function firstIn<Row>(path: string, sql: string): Row {
  const row = inArchive(path, (archive) => archive.prepare<[], Row>(sql).get());
  if (row === undefined) throw new Error(`The archive has no row for: ${sql}`);
  return row;
}
