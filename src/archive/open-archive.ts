import { type ArchiveDb, openArchive as openFile } from '../db/open.ts';
import { type BringInProgress, bringIntoLedger } from '../ledger/bring-in.ts';

/**
 * Opens the archive for those that write to it: as db/open.ts does, and with all that is in it in its ledger. One of before
 * the ledger is brought in, which takes a minute for a million revisions; `onProgress` hears of it.
 */
export function openArchive(path: string, onProgress?: (progress: BringInProgress) => void): ArchiveDb {
  const db = openFile(path);
  try {
    bringIntoLedger(db.sqlite, onProgress);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}
