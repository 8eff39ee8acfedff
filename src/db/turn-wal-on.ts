import SQLite, { type Database } from 'better-sqlite3';

/**
 * Puts an archive that this connection has open in WAL mode, and keeps it there for as long as the connection is open. False where others
 * read it in rollback mode at this moment: it waits for nobody.
 */
export function turnWalOn(sqlite: Database): boolean {
  try {
    sqlite.pragma('journal_mode = WAL');
    // With the first read SQLite takes the lock that says that the -wal is in use.
    sqlite.pragma('schema_version');
    return true;
  } catch (error) {
    if (error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
