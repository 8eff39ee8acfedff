import SQLite, { type Database } from 'better-sqlite3';

/**
 * Turns WAL mode on for an archive that this connection has open, and keeps it on while the connection is open. Returns
 * false if others read the archive in rollback mode at this moment. Does not wait.
 */
export function turnWalOn(sqlite: Database): boolean {
  try {
    sqlite.pragma('journal_mode = WAL');
    // With the first read SQLite takes the lock that marks the -wal as in use.
    sqlite.pragma('schema_version');
    return true;
  } catch (error) {
    if (error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
