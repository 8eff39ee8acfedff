import SQLite, { type Database } from 'better-sqlite3';

/**
 * Does something to an archive in one transaction, while no other connection has it open or can open it. During that
 * time the file is in rollback mode. If another connection has it open, throws SQLite's SQLITE_BUSY and changes
 * nothing.
 */
export function whileAlone<Result>(path: string, work: (sqlite: Database) => Result): Result {
  const sqlite = new SQLite(path, { fileMustExist: true, timeout: 0 });
  try {
    // WAL mode can't be left while another connection uses it, even an idle one.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('BEGIN EXCLUSIVE');
    const result = work(sqlite);
    sqlite.exec('COMMIT');
    return result;
  } finally {
    // Closing undoes everything that was not committed.
    sqlite.close();
  }
}
