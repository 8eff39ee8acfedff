import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { readApplicationId } from '../../../db/read-application-id.ts';
import { chooseReadMode } from '../../../db/reading/choose-mode.ts';
import { connectToRead } from '../../../db/reading/connect-to-read.ts';
import { parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { parseNote } from '../../../ledger/notes/signed-note.ts';
import { APPLICATION_IDS } from '../../../lib/files/application-ids.ts';
import { newestCheckpoint } from '../../checkpoints/make-checkpoint.ts';

const BUSY_TIMEOUT_MS = 5000;
const HAS_CHECKPOINTS = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'ledger_checkpoints'";

/**
 * Whether a key signed an archive's newest checkpoint: false if there is no archive or no checkpoint. Throws if the
 * archive can't be read.
 */
export function isSignedLastBy(archive: string, verifierKey: string): boolean {
  if (!existsSync(archive) || readApplicationId(archive) !== APPLICATION_IDS.archive) return false;
  const { name, keyId } = parseVerifierKey(verifierKey);
  const sqlite = connectToRead(archive, chooseReadMode(archive), BUSY_TIMEOUT_MS);
  try {
    const newest = hasCheckpoints(sqlite) ? newestCheckpoint(sqlite) : undefined;
    if (newest === undefined) return false;
    return parseNote(newest.note).signatures.some((by) => by.name === name && by.keyId === keyId);
  } finally {
    sqlite.close();
  }
}

/** Whether the archive has a table of checkpoints. Archives of versions before the ledger do not. */
function hasCheckpoints(sqlite: Database): boolean {
  return sqlite.prepare<[], number>(HAS_CHECKPOINTS).pluck().get() === 1;
}
