import { type ArchiveDb, openExistingArchive as openExistingFile, openArchive as openFile } from '../../db/open.ts';
import { type BringInProgress, bringIntoLedger } from '../../ledger/bring-in.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';

/**
 * Opens the archive for those that write to it: as db/open.ts does, and with all that is in it in its ledger. One of before
 * the ledger is brought in, which takes a minute for a million revisions; `onProgress` hears of it.
 */
export function openArchive(path: string, onProgress?: (progress: BringInProgress) => void): ArchiveDb {
  return withLedger(openFile(path), onProgress);
}

/** The same for an archive that is there: it never makes one, and refuses other files than `mustBe` says. */
export function openExistingArchive(
  path: string,
  { mustBe, onProgress }: { mustBe?: FileIdentity; onProgress?: (progress: BringInProgress) => void } = {},
): ArchiveDb {
  return withLedger(openExistingFile(path, mustBe), onProgress);
}

function withLedger(db: ArchiveDb, onProgress?: (progress: BringInProgress) => void): ArchiveDb {
  try {
    bringIntoLedger(db.sqlite, onProgress);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}
