import type { Database } from 'better-sqlite3';
import { type FileIdentity, identifyFile, isSameFile } from '../lib/files/identify-file.ts';

/**
 * Moves the -wal into the file, removes it and the -shm, and leaves the file in rollback mode, in which readers without
 * write access can open it. Does nothing if another connection has the file open, or if the files at the path are no
 * longer those in `opened`: SQLite finds a -wal by its name, and would remove the -wal of another file. Close the
 * connection afterwards; it can't be used for anything else.
 */
export function leaveWal(sqlite: Database, opened: FileIdentity): void {
  if (!isSameFile(identifyFile(sqlite.name), opened)) return;
  try {
    sqlite.pragma('busy_timeout = 0');
    sqlite.pragma('journal_mode = DELETE');
  } catch {
    // Another connection has the file open and will leave it, or the file can't be written to, as on a full disk.
  }
}
