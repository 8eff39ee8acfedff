import { existsSync } from 'node:fs';
import SQLite, { type Database } from 'better-sqlite3';
import { leaveWal } from '../../../db/leave-wal.ts';
import { noteOpenHere } from '../../../db/reading/open-here.ts';
import { turnWalOn } from '../../../db/turn-wal-on.ts';
import { identifyFile } from '../../../lib/files/identify-file.ts';

const BUSY_TIMEOUT_MS = 5000;

/** What keeps a SQLite file from being renamed, by a process that heeds its locks, until it is closed. */
export interface Hold {
  close(): void;
}

/**
 * Holds a file in WAL mode, in which its lock is kept from the first read on, and leaves it in the mode in which it was. Nothing is held
 * where it can't be opened, or is being read in rollback mode: the next who opens it gets an error that says why, or waits.
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
 * Does something while nobody has the archive open, no server and no pass, and none can open it. Throws SQLite's SQLITE_BUSY where
 * somebody has. Where there is no archive, nobody works on one.
 */
export function whileAlone<Result>(archive: string, waitMs: number, work: () => Result): Result {
  if (!existsSync(archive)) return work();
  const sqlite = new SQLite(archive, { fileMustExist: true, timeout: waitMs });
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    // In rollback mode the first read would keep others from writing alone.
    sqlite.exec('BEGIN EXCLUSIVE');
    sqlite.prepare('SELECT count(*) FROM sqlite_schema').get();
    return work();
  } finally {
    sqlite.close();
  }
}
