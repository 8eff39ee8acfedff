import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserFault } from '../lib/user-fault.ts';
import { createNoteKey, type NoteSigner, parseSigningKey } from './note-key.ts';

const ONLY_OWNER = 0o600;
const NAME_BYTES = 8;

/**
 * The key that signs checkpoints, from its file; made, with a name that no other archive has, where there is none. Only its
 * owner may read it. Throws UserFault where the file can't be used, or holds no key.
 */
export function openSigner(path: string, random: (size: number) => Buffer): NoteSigner {
  try {
    if (!existsSync(path)) makeKey(path, random);
    return parseSigningKey(readFileSync(path, 'utf8').trim());
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new UserFault(
      `The ledger's key ${path} can't be used: ${what}. Point SSM_ARCHIVE_LEDGER_KEY at a key, or at a new file.`,
      {
        exitCode: 2,
        cause: error,
      },
    );
  }
}

/** The key's own public form, where its file is there; nothing is made. */
export function readVerifierKey(path: string): string | undefined {
  return existsSync(path) ? openSigner(path, () => Buffer.alloc(0)).verifierKey : undefined;
}

/** Whole from its first moment, and never in place of another process's: a link fails where there is a file. */
function makeKey(path: string, random: (size: number) => Buffer): void {
  const { signingKey } = createNoteKey(`ssm-archive/${random(NAME_BYTES).toString('hex')}`, random);
  const temporary = `${path}.${randomUUID()}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(temporary, `${signingKey}\n`, { mode: ONLY_OWNER, flush: true });
    linkSync(temporary, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
