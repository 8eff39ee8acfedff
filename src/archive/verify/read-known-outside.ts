import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readVerifierKey } from '../../ledger/open-signer.ts';
import { UserFault } from '../../lib/user-fault.ts';
import type { PartsToJudge } from './judge-parts.ts';
import { readCheckpointFile } from './read-checkpoint-file.ts';

/** As publishCheckpoint names them. */
const PUBLISHED = /^checkpoint(-\d{4}-\d{2}-\d{2})?$/;

/**
 * What this installation knows of its archive beside the file itself, to verify it by: the public form of the key's file, unless other
 * keys are given, and the checkpoints that were written outside. To be read before the archive is, which is not behind them then. Throws
 * UserFault where one is there and can't be read.
 */
export function readKnownOutside(
  { ledgerKey, checkpointDirectory }: { ledgerKey: string; checkpointDirectory?: string },
  givenKeys: readonly string[] = [],
): Pick<PartsToJudge, 'trustedKeys' | 'outside'> {
  const published = checkpointDirectory === undefined ? [] : publishedIn(checkpointDirectory);
  return {
    trustedKeys: givenKeys.length > 0 ? givenKeys : ownKeys(ledgerKey),
    outside: published.map(readCheckpointFile),
  };
}

function ownKeys(path: string): string[] {
  const key = readVerifierKey(path);
  return key === undefined ? [] : [key];
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
