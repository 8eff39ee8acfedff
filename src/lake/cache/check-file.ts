import { stat } from 'node:fs/promises';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { isMissing } from '../../lib/errors/is-missing.ts';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';

/** Says what is wrong with the file of an object, as the end of a sentence; undefined if it is the object. */
export type CheckFile = (path: string, object: SealedObject) => Promise<string | undefined>;

/**
 * Returns a function that compares a file with what the ledger says of an object. The size is compared at each call.
 * The digest is compared once for each file in this process: a file counts as another one if it was replaced or written
 * to since, which its number and its time say.
 */
export function createFileCheck(): CheckFile {
  const good = new Set<string>();
  return async (path, { sizeBytes, sha256 }) => {
    const file = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (!file) return 'is missing';
    if (file.size !== sizeBytes) return `has ${file.size} bytes, and the ledger says ${sizeBytes}`;
    const known = `${file.dev} ${file.ino} ${file.mtimeMs} ${sha256}`;
    if (good.has(known)) return undefined;
    const found = await digestOfFile(path);
    if (found !== sha256) return `has the SHA-256 ${found}, and the ledger says ${sha256}`;
    good.add(known);
    return undefined;
  };
}
