import SQLite, { type Database } from 'better-sqlite3';

/**
 * Does something to an archive in one transaction, while no other connection has it open and none can open it; the file is in rollback
 * mode then. Throws SQLite's SQLITE_BUSY, and has changed nothing, where another connection has it open.
 */
export function whileAlone<Result>(path: string, work: (sqlite: Database) => Result): Result {
  const sqlite = new SQLite(path, { fileMustExist: true, timeout: 0 });
  try {
    // Nobody leaves WAL while another connection is in it, be it idle.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('BEGIN EXCLUSIVE');
    const result = work(sqlite);
    sqlite.exec('COMMIT');
    return result;
  } finally {
    // What was not committed is undone.
    sqlite.close();
  }
}
