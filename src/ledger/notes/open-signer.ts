import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { decodeText } from '../../lib/text-file/decode-text.ts';
import { TextUnreadable } from '../../lib/text-file/text-unreadable.ts';
import { createNoteKey, type NoteSigner, parseSigningKey } from './note-key.ts';
import { SigningRefused } from './signing-refused.ts';

const ONLY_OWNER = 0o600;
const NAME_BYTES = 8;

/** The file of a key exists, but can't be used. */
export class KeyUnusable extends SigningRefused {
  override name = 'KeyUnusable';
}

/**
 * Reads the key that signs checkpoints from its file. If there is no file, it makes one, with a name that no other
 * archive has: only call this for an archive that no key has signed yet. Only the owner may read the file. Throws
 * KeyUnusable if the file can't be used or has no key.
 */
export function openSigner(path: string, random: (size: number) => Buffer): NoteSigner {
  const signer = readSigner(path);
  if (signer) return signer;
  try {
    makeKey(path, random);
  } catch (error) {
    throw unusable(path, error);
  }
  const made = readSigner(path);
  if (!made) throw unusable(path, new Error('it was removed while it was being made'));
  return made;
}

/** Reads the key in a file; undefined if there is no file. Makes nothing. Throws KeyUnusable. */
export function readSigner(path: string): NoteSigner | undefined {
  try {
    return parseSigningKey(decodeText(readFileSync(path)).trim());
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusable(path, error);
  }
}

/** Returns the key's public form; undefined if there is no file. Makes nothing. Throws KeyUnusable. */
export function readVerifierKey(path: string): string | undefined {
  return readSigner(path)?.verifierKey;
}

/**
 * Makes a file with a new key if there is none. Other processes never see an incomplete file. Throws the system's
 * errors.
 */
export function makeKey(path: string, random: (size: number) => Buffer): void {
  const { signingKey } = createNoteKey(`ssm-archive/${random(NAME_BYTES).toString('hex')}`, random);
  const temporary = `${path}.${randomUUID()}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(temporary, `${signingKey}\n`, { mode: ONLY_OWNER, flush: true });
    // This never replaces another process's key: a link fails if the file exists.
    linkSync(temporary, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A full disk is not a fault of the key. */
function unusable(path: string, error: unknown): unknown {
  if (isDiskFull(error)) return error;
  const message = pathFault(path, error, 'write') ?? (error instanceof Error ? error.message : String(error));
  const what = error instanceof TextUnreadable ? `it ${message.replace(/\.$/, '')}` : message;
  return new KeyUnusable(
    `The ledger's key ${path} can't be used: ${what}. Point SSM_ARCHIVE_LEDGER_KEY at the archive's key.`,
    { cause: error },
  );
}
