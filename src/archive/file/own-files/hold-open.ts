import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { leaveWal } from '../../../db/leave-wal.ts';
import { noteOpenHere } from '../../../db/reading/open-here.ts';
import { turnWalOn } from '../../../db/turn-wal-on.ts';
import { identifyFile } from '../../../lib/files/identify-file.ts';

const BUSY_TIMEOUT_MS = 5000;

/** A SQLite file that is held open. Until it is closed, no other process that respects SQLite's locks renames it. */
export interface Hold {
  close(): void;
}

/**
 * Opens a file in WAL mode, where SQLite keeps a lock from the first read on. Restores the former mode at the end.
 * Returns undefined if there is no file, if it can't be opened, or if somebody reads it in rollback mode. In the last
 * two cases, the process that opens it next gets an error that says why, or waits.
 */
export function holdOpen(path: string): Hold | undefined {
  if (!existsSync(path)) return undefined;
  let sqlite: Database | undefined;
  const forget = noteOpenHere(path, 'usual');
  try {
    sqlite = new SQLite(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    const held = sqlite;
    const wasWal = held.pragma('journal_mode', { simple: true }) === 'wal';
    turnWalOn(held);
    const opened = identifyFile(path);
    return {
      close() {
        if (!wasWal) leaveWal(held, opened);
        held.close();
        forget();
      },
    };
  } catch {
    sqlite?.close();
    forget();
    return undefined;
  }
}

/**
 * Calls `work` while no server and no pass has the archive open or can open it. Throws SQLite's SQLITE_BUSY if one of
 * them has it open. If there is no archive, `work` is called at once.
 */
export function whileAlone<Result>(archive: string, waitMs: number, work: () => Result): Result {
  if (!existsSync(archive)) return work();
  const sqlite = new SQLite(archive, { fileMustExist: true, timeout: waitMs });
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    // In rollback mode, a read alone would prevent others from writing, but not from opening the file.
    sqlite.exec('BEGIN EXCLUSIVE');
    sqlite.prepare('SELECT count(*) FROM sqlite_schema').get();
    return work();
  } finally {
    sqlite.close();
  }
}
