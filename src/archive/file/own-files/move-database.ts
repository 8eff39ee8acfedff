import { type BigIntStats, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';

export interface MoveOptions {
  from: string;
  to: string;
  /** How long to wait for others to close it. */
  waitMs: number;
}

/**
 * Renames a SQLite file that nobody has open. Returns false if there is no such file or the new name is taken by then.
 * The content of its -wal is written into the file first: SQLite would not find the -wal under another name, and its
 * content would be lost. Throws SQLite's SQLITE_BUSY if another process has the file open, since that process would
 * continue to write a -wal under the former name; and the system's errors.
 */
export function moveDatabase({ from, to, waitMs }: MoveOptions): boolean {
  const before = statOf(from);
  if (!before) return false;
  const sqlite = new SQLite(from, { fileMustExist: true, timeout: waitMs });
  try {
    // This connection locks all others out. It gets its first lock once they have closed the file, and keeps it until
    // it is closed itself.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = DELETE');
    sqlite.exec('BEGIN EXCLUSIVE');
    // Another start may have waited for the lock too, and renamed the file.
    const now = statOf(from);
    if (now?.dev !== before.dev || now.ino !== before.ino || existsSync(to)) return false;
    // The journal's transaction has ended. Under the former name, SQLite would take it for the journal of a new file.
    for (const end of ['-shm', '-journal']) rmSync(realpathSync(from) + end, { force: true });
    renameSync(from, to);
    return true;
  } finally {
    sqlite.close();
  }
}

function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
