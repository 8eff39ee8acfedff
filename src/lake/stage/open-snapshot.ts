import SQLite, { type Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';

/** The archive as it was at one moment, on a connection of its own. */
export interface Snapshot {
  sqlite: Database;
  /** How many leaves the ledger had. */
  treeSize: number;
  close(): void;
}

/**
 * Opens an archive as it is now. What others write meanwhile is not seen. SQLite's log can't be shortened as long as
 * the snapshot is open, so close it soon.
 */
export function openSnapshot(path: string): Snapshot {
  const sqlite = new SQLite(path, { readonly: true, fileMustExist: true });
  try {
    sqlite.exec('BEGIN');
    // The first read begins the transaction.
    return { sqlite, treeSize: tileStore(sqlite).size(), close: () => sqlite.close() };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}
