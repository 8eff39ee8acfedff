import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSigning, type SigningState } from '../../../archive/signing/read-signing.ts';
import type { Config } from '../../../config/config.ts';
import { openArchiveReadOnly, type ReadArchive } from '../../../db/open.ts';
import type { Check } from '../../../ingest/check-source.ts';
import { parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../ledger/notes/open-signer.ts';
import type { RecordOwner } from '../../../ledger/signing-record/record-places.ts';
import { pathFault } from '../../../lib/errors/path-fault.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { counted } from '../../text/format.ts';

/**
 * Checks the key that signs checkpoints, and the places where checkpoints are published. Makes no file, and sends
 * nothing to the bucket or to a witness.
 */
export function checkSigning(config: Config): Check[] {
  const { checkpointDirectory, checkpointBucket, witnesses = [] } = config;
  const checks = [checkKey(config)];
  if (checkpointDirectory !== undefined) checks.push(checkDirectory(checkpointDirectory));
  if (checkpointBucket !== undefined) {
    const detail = `s3://${checkpointBucket.bucket}/${checkpointBucket.prefix} is configured; the next pass tries it`;
    checks.push({ what: 'checkpoint bucket', state: 'ok', detail });
  }
  if (witnesses.length > 0) {
    const names = witnesses.map(({ key }) => parseVerifierKey(key).name).join(', ');
    const detail = `${counted(witnesses.length, 'witness', 'witnesses')} configured: ${names}; the next pass tries them`;
    checks.push({ what: 'witnesses', state: 'ok', detail });
  }
  return checks;
}

function checkKey({ ledgerKey: path, authDb, db }: Config): Check {
  const what = 'ledger key';
  try {
    const signing = readSigningOf(db, { keyPath: path, authDb, db });
    // If the archive can't be read, the check of the archive's file says why.
    const key = readVerifierKey(path);
    if (signing && signing.fault !== null) return { what, state: 'failed', detail: signing.fault };
    if (key !== undefined) return { what, state: 'ok', detail: `${path} is ${parseVerifierKey(key).name}` };
    if (signing && signing.origin !== null) return { what, state: 'failed', detail: `${path} is missing` };
  } catch (error) {
    return { what, state: 'failed', detail: error instanceof UserFault ? error.message : String(error) };
  }
  const fault = faultOfFolder(dirname(path));
  if (fault === undefined)
    return {
      what,
      state: 'ok',
      detail: `${path} does not exist yet; "ssm-archive init" or the first checkpoint makes it`,
    };
  return {
    what,
    state: 'failed',
    detail: `${path} can't be made: ${fault}. Let this user write there, or point SSM_ARCHIVE_LEDGER_KEY elsewhere.`,
  };
}

/** Returns whether the ledger can be signed; undefined if there is no archive yet, or if it can't be read. */
function readSigningOf(path: string, owner: RecordOwner): SigningState | undefined {
  if (!existsSync(path)) return undefined;
  let archive: ReadArchive;
  try {
    archive = openArchiveReadOnly(path);
  } catch {
    return undefined;
  }
  try {
    return readSigning(archive.sqlite, owner, { isSigner: true });
  } finally {
    archive.close();
  }
}

function checkDirectory(directory: string): Check {
  const what = 'checkpoint directory';
  const fault = faultOfFolder(directory);
  if (fault === undefined) {
    const detail = existsSync(directory) ? 'can be written' : 'does not exist yet; the first checkpoint makes it';
    return { what, state: 'ok', detail: `${directory} ${detail}` };
  }
  const remedy = 'Let this user write there, or point SSM_ARCHIVE_CHECKPOINT_DIRECTORY elsewhere.';
  return { what, state: 'failed', detail: `Checkpoints can't be written into ${directory}: ${fault}. ${remedy}` };
}

/**
 * Returns why files can't be written into a folder; undefined if they can. For a missing folder, the nearest existing
 * folder above it is checked.
 */
function faultOfFolder(folder: string): string | undefined {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) return `${existing} is not a folder`;
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return pathFault(join(existing, 'x'), error, 'write') ?? String(error);
  }
}
