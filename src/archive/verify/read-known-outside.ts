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
  /** Where the keys are from, in words for users; undefined if there are no keys. */
  keysFrom: string | undefined;
  /** Sentences that say why there are no keys, if a key exists but can't be used. */
  advice: string[];
}

/**
 * Reads what is known about the archive outside of its file, to verify it. The keys are the given ones, or those of
 * `verify.keys`, or the public form of the key in the key's file. The checkpoints are those that the service wrote
 * outside of the file. Call this before reading the archive, so that the archive is never older than the checkpoints.
 * Throws UserFault if a checkpoint exists but can't be read. Does not throw if the key's file can't be used: then
 * nothing says whose archive this is, and `advice` says why.
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
    unread.push(`The archive was not compared with what its key signed last. ${error.message}`);
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

/**
 * The paths of the published checkpoints. Returns none if there is no folder yet: publishing the first checkpoint makes
 * it.
 */
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
