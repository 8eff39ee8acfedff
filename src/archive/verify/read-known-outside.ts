import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KeyUnusable, readVerifierKey } from '../../ledger/notes/open-signer.ts';
import { isHidden } from '../../ledger/notes/signing-refused.ts';
import { RecordUnreadable, readSigningRecord } from '../../ledger/signing-record/read-record.ts';
import type { RecordOwner } from '../../ledger/signing-record/record-places.ts';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { KnownOutside } from './judge-parts.ts';
import { readCheckpointFile } from './outside/read-checkpoint-file.ts';

/** The names that publishCheckpoint gives. */
const PUBLISHED = /^checkpoint(-\d{4}-\d{2}-\d{2})?$/;

/** The archive, its signing key's file, the file of tokens, the folder of published checkpoints, and pinned keys. */
export interface Installation {
  db: string;
  ledgerKey: string;
  authDb: string;
  checkpointDirectory?: string;
  verifyKeys?: readonly string[];
}

export interface KnownBeside extends KnownOutside {
  /** Where the keys are from, in words for a person; undefined if there are none. */
  keysFrom: string | undefined;
  /** Why there are no keys, if there could be some. */
  advice: string[];
}

/**
 * What is known about the archive outside the file itself, to verify it by. The keys are the given ones, or the ones of
 * `verify.keys`, or the public form of the key's file. The checkpoints are the ones that the service wrote outside.
 * Read this before the archive, so that the archive is never behind it. Throws UserFault if a checkpoint is there and
 * can't be read. A key file that can't be used is not the reader's fault: then it cannot say whose archive this is.
 */
export function readKnownOutside(archive: Installation, givenKeys: readonly string[] = []): KnownBeside {
  const { db, ledgerKey, authDb, checkpointDirectory } = archive;
  const published = checkpointDirectory === undefined ? [] : publishedIn(checkpointDirectory);
  const unread: string[] = [];
  return {
    ...keysOf(archive, givenKeys),
    outside: published.flatMap(readCheckpointFile).map((checkpoint) => ({ ...checkpoint, isOwn: true })),
    record: recordOf({ keyPath: ledgerKey, authDb, db }, unread),
    unread,
  };
}

function recordOf(owner: RecordOwner, unread: string[]): KnownOutside['record'] {
  try {
    const record = readSigningRecord(owner);
    return record && { from: record.path, note: record.note };
  } catch (error) {
    if (!(error instanceof RecordUnreadable)) throw error;
    unread.push(`The archive is not checked against what its key has signed last. ${error.message}`);
    return undefined;
  }
}

function keysOf(
  { ledgerKey, verifyKeys = [] }: Installation,
  given: readonly string[],
): Pick<KnownBeside, 'trustedKeys' | 'keysFrom' | 'advice'> {
  if (given.length > 0) return { trustedKeys: given, keysFrom: '--key', advice: [] };
  if (verifyKeys.length > 0) return { trustedKeys: verifyKeys, keysFrom: 'verify.keys of archive.yaml', advice: [] };
  try {
    const key = readVerifierKey(ledgerKey);
    return key === undefined
      ? { trustedKeys: [], keysFrom: undefined, advice: [] }
      : { trustedKeys: [key], keysFrom: ledgerKey, advice: [] };
  } catch (error) {
    if (!(error instanceof KeyUnusable)) throw error;
    const why = isHidden(error)
      ? `The archive's key ${ledgerKey} can't be read by this user`
      : `The archive's key ${ledgerKey} can't be used`;
    const advice = [`${why}, so nothing was checked against it.`];
    return { trustedKeys: [], keysFrom: undefined, advice };
  }
}

/** The names of checkpoint files; none if there is no folder yet, since the first checkpoint makes it. */
function publishedIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  try {
    const names = readdirSync(directory).filter((name) => PUBLISHED.test(name));
    return names.sort().map((name) => join(directory, name));
  } catch (error) {
    const what = pathFault(directory, error) ?? (error instanceof Error ? error.message : String(error));
    throw new UserFault(
      `The folder of checkpoints ${directory} can't be read: ${what}. Correct SSM_ARCHIVE_CHECKPOINT_DIRECTORY, or its permissions.`,
      { exitCode: 2, cause: error },
    );
  }
}
