import type { Database } from 'better-sqlite3';
import { openArchiveReadOnly } from '../../../src/db/open.ts';

/** What a journey must know about an archive before it begins. */
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
  if (row === undefined) throw new Error(`The archive has none: ${sql}`);
  return row;
}
