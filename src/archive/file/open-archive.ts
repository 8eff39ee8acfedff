import { type ArchiveDb, openExistingArchive as openExistingFile, openArchive as openFile } from '../../db/open.ts';
import { type BringInProgress, bringIntoLedger } from '../../ledger/bring-in.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';

/**
 * Opens the archive for writing, like db/open.ts, and makes sure that all rows are in the ledger. If the archive has no
 * ledger yet, this takes a minute for a million revisions, and calls `onProgress`.
 */
export function openArchive(path: string, onProgress?: (progress: BringInProgress) => void): ArchiveDb {
  return withLedger(openFile(path), onProgress);
}

/** Like `openArchive`, but never makes an archive, and refuses a file that is not the one in `mustBe`. */
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
