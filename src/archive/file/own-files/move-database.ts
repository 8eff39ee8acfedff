import { type BigIntStats, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';

export interface MoveOptions {
  from: string;
  to: string;
  /** How long to wait for others to close it. */
  waitMs: number;
}

/**
 * Renames a SQLite file that nobody has open, and gives false where there is none or its new name is taken by then. What its -wal has
 * is brought into the file first: by another name SQLite would not find the -wal, and what is only there would be lost. Throws
 * SQLite's SQLITE_BUSY where another process has it open, which would go on writing a -wal by the former name, and the system's errors.
 */
export function moveDatabase({ from, to, waitMs }: MoveOptions): boolean {
  const before = statOf(from);
  if (!before) return false;
  const sqlite = new SQLite(from, { fileMustExist: true, timeout: waitMs });
  try {
    // This connection locks all others out: from its first lock, which it gets once they have closed the file, until it is closed itself.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = DELETE');
    sqlite.exec('BEGIN EXCLUSIVE');
    // Another start may have waited for the lock too, and renamed it.
    const now = statOf(from);
    if (now?.dev !== before.dev || now.ino !== before.ino || existsSync(to)) return false;
    // The journal's transaction has ended. By the former name it would be taken for that of a new file there.
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
