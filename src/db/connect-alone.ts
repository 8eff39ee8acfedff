import SQLite from 'better-sqlite3';

/**
 * Opens a database for reading where nobody else has it open, and keeps all others out. SQLite needs no -shm file then, for which a
 * full disk has no room. To keep others out it must be open for writing: it writes nothing but what a -wal has that was left behind.
 */
export function connectAlone(path: string, timeoutMs: number): SQLite.Database {
  const sqlite = new SQLite(path, { fileMustExist: true, timeout: timeoutMs });
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    // It takes the lock with the first read.
    sqlite.pragma('schema_version');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}
