import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCheckpoint } from '../../../src/ledger/notes/checkpoint.ts';
import { createNoteKey, parseSigningKey } from '../../../src/ledger/notes/note-key.ts';
import { signNote } from '../../../src/ledger/notes/signed-note.ts';
import { sha256Of } from '../../../src/lib/sha256.ts';

/** What a message must name if an archive may not be made. */
export const BOTH_WAYS = /ssm-archive restore [\s\S]*ssm-archive init --new/;

/** Makes the folder `data` in this folder. */
export function dataOf(folder: string): string {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  return data;
}

/**
 * Makes a key for an archive of this name in the folder `data`, and the record that says how many leaves it has signed.
 * Returns the key's name.
 */
export function writeRecord(data: string, { stem = 'archive', size = 5 } = {}): string {
  const { signingKey } = createNoteKey(`ssm-archive/${randomBytes(8).toString('hex')}`, randomBytes);
  const signer = parseSigningKey(signingKey);
  writeFileSync(join(data, `${stem}-ledger.key`), `${signingKey}\n`);
  const note = signNote(formatCheckpoint({ origin: signer.name, size, root: Buffer.alloc(32, 7) }), signer);
  writeFileSync(join(data, `${stem}-ledger.signed`), note);
  return signer.name;
}

/** Every file of a folder by its name, with a hash of its content. */
export function contentsOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ name }) => [name, sha256Of(readFileSync(join(folder, name))).toString('hex')]),
  );
}
