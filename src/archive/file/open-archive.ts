import { type ArchiveDb, openExistingArchive as openExistingFile, openArchive as openFile } from '../../db/open.ts';
import { type BringInProgress, bringIntoLedger } from '../../ledger/bring-in.ts';
import type { FileIdentity } from '../../lib/files/identify-file.ts';

/**
 * Opens the archive for writing: like db/open.ts, and makes sure that all rows are in the ledger. For an archive from
 * before the ledger this takes a minute for a million revisions, which `onProgress` reports.
 */
export function openArchive(path: string, onProgress?: (progress: BringInProgress) => void): ArchiveDb {
  return withLedger(openFile(path), onProgress);
}

/** The same for an existing archive: it never makes one, and refuses files that `mustBe` excludes. */
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
