import type { Database } from 'better-sqlite3';
import { type FileIdentity, identifyFile, isSameFile } from '../lib/files/identify-file.ts';

/**
 * Brings the -wal into the file, removes it and the -shm, and leaves the file in rollback mode, which anybody opens who may only read.
 * Does nothing where another connection has it open, or where other files than `opened` are at the path by now: SQLite would remove their
 * -wal, which it finds by its name. The connection is good for nothing but to be closed then.
 */
export function leaveWal(sqlite: Database, opened: FileIdentity): void {
  if (!isSameFile(identifyFile(sqlite.name), opened)) return;
  try {
    sqlite.pragma('busy_timeout = 0');
    sqlite.pragma('journal_mode = DELETE');
  } catch {
    // Others have it open, and one of them closes it last; or it can't be written to, as on a full disk.
  }
}
