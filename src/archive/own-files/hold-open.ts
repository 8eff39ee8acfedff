import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';

const BUSY_TIMEOUT_MS = 5000;

/** What keeps a SQLite file from being renamed, by a process that heeds its locks, until it is closed. */
export interface Hold {
  close(): void;
}

/** Holds a file, in WAL mode as all of this program's are. Nothing is held where it can't be opened: the next who opens it gets an error that says why. */
export function holdOpen(path: string): Hold | undefined {
  if (!existsSync(path)) return undefined;
  let sqlite: Database | undefined;
  try {
    sqlite = new SQLite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    // The lock is taken with the first read, and kept.
    sqlite.prepare('SELECT count(*) FROM sqlite_schema').get();
    return sqlite;
  } catch {
    sqlite?.close();
    return undefined;
  }
}

/**
 * Does something while nobody has the archive open, no server and no pass, and none can open it. Throws SQLite's SQLITE_BUSY where
 * somebody has. Where there is no archive, nobody works on one.
 */
export function whileAlone<Result>(archive: string, waitMs: number, work: () => Result): Result {
  if (!existsSync(archive)) return work();
  const sqlite = new SQLite(archive, { fileMustExist: true, timeout: waitMs });
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.prepare('SELECT count(*) FROM sqlite_schema').get();
    return work();
  } finally {
    sqlite.close();
  }
}
