import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isKeyHidden, readVerifierKey } from '../../ledger/open-signer.ts';
import { RecordUnreadable, readSigningRecord } from '../../ledger/signing-record/read-record.ts';
import type { RecordOwner } from '../../ledger/signing-record/record-places.ts';
import { UserFault } from '../../lib/user-fault.ts';
import type { KnownOutside } from './judge-parts.ts';
import { readCheckpointFile } from './read-checkpoint-file.ts';

/** The archive, the file of the key that signs it, the file of tokens, and where its checkpoints are written outside. */
export interface Installation {
  db: string;
  ledgerKey: string;
  authDb: string;
  checkpointDirectory?: string;
}

/** As publishCheckpoint names them. */
const PUBLISHED = /^checkpoint(-\d{4}-\d{2}-\d{2})?$/;

/**
 * What this installation knows of its archive beside the file itself, to verify it by: the public form of the key's file, unless other
 * keys are given, and the checkpoints that were written outside. To be read before the archive is, which is not behind them then. Throws
 * UserFault where one is there and can't be read.
 */
export function readKnownOutside(
  { db, ledgerKey, authDb, checkpointDirectory }: Installation,
  givenKeys: readonly string[] = [],
): KnownOutside {
  const published = checkpointDirectory === undefined ? [] : publishedIn(checkpointDirectory);
  const unread: string[] = [];
  return {
    trustedKeys: givenKeys.length > 0 ? givenKeys : ownKeys(ledgerKey, unread),
    outside: published.map((path) => ({ ...readCheckpointFile(path), isPublished: true })),
    record: recordOf({ keyPath: ledgerKey, authDb, db }, unread),
    unread,
  };
}

/** Who only reads may not read a private key, and needs none: the archive is held to less then, which is told. */
function ownKeys(path: string, unread: string[]): string[] {
  try {
    const key = readVerifierKey(path);
    return key === undefined ? [] : [key];
  } catch (error) {
    if (!isKeyHidden(error)) throw error;
    unread.push(
      `The ledger's key ${path} can't be read by this user, so the archive is held to the keys of its own ledger.`,
    );
    return [];
  }
}

function recordOf(owner: RecordOwner, unread: string[]): KnownOutside['record'] {
  try {
    const record = readSigningRecord(owner);
    return record && { from: record.path, note: record.note };
  } catch (error) {
    if (!(error instanceof RecordUnreadable)) throw error;
    unread.push(`The archive is not held to what its key has signed last. ${error.message}`);
    return undefined;
  }
}

/** None where there is no folder: the first checkpoint makes it. */
function publishedIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  try {
    const names = readdirSync(directory).filter((name) => PUBLISHED.test(name));
    return names.sort().map((name) => join(directory, name));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new UserFault(
      `The folder of checkpoints ${directory} can't be read: ${what}. Correct SSM_ARCHIVE_CHECKPOINT_DIRECTORY, or its permissions.`,
      { exitCode: 2, cause: error },
    );
  }
}
