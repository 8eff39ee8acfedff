import { type BigIntStats, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';

export interface MoveOptions {
  from: string;
  to: string;
  /** How long to wait until other processes have closed the file. */
  waitMs: number;
}

/**
 * Renames a SQLite file that nobody has open. Returns false if there is no such file, or if the new name is taken.
 * First writes the content of the -wal into the file, because SQLite would not find the -wal under the new name and its
 * content would be lost. Throws SQLite's SQLITE_BUSY if another process has the file open, because that process would
 * go on writing a -wal under the former name. Throws the system's errors.
 */
export function moveDatabase({ from, to, waitMs }: MoveOptions): boolean {
  const before = statOf(from);
  if (!before) return false;
  const sqlite = new SQLite(from, { fileMustExist: true, timeout: waitMs });
  try {
    // This connection gets its lock when all others have closed the file, and then locks them out until it is closed
    // itself.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = DELETE');
    sqlite.exec('BEGIN EXCLUSIVE');
    // Another process may also have waited for the lock, and may have renamed the file.
    const now = statOf(from);
    if (now?.dev !== before.dev || now.ino !== before.ino || existsSync(to)) return false;
    // The journal's transaction has ended. SQLite would use a journal under the former name for a new file of that
    // name.
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
