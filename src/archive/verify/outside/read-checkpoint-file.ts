import { readFileSync } from 'node:fs';
import { pathFault } from '../../../lib/errors/path-fault.ts';
import { UserFault } from '../../../lib/errors/user-fault.ts';
import { isThere } from '../../../lib/files/is-there.ts';
import { decodeText } from '../../../lib/text-file/decode-text.ts';
import { TextUnreadable } from '../../../lib/text-file/text-unreadable.ts';
import type { OutsideCheckpoint } from './outside-checkpoint.ts';
import { splitNotes } from './split-notes.ts';

/**
 * What the dash of a signature line becomes if a program reads its UTF-8 as Windows-1252, code page 850 or code page
 * 437.
 */
const SPOILT = /^(?:\u00e2\u20ac\u201d|\u00d4\u00c7\u00f6|\u0393\u00c7\u00f6) /m;

/**
 * Reads a file of one or more checkpoints. Throws UserFault if the file can't be read or has no checkpoint, because it
 * would confirm nothing.
 */
export function readCheckpointFile(path: string): OutsideCheckpoint[] {
  if (!isThere(path)) throw new UserFault(`There is no checkpoint ${path}.`, { exitCode: 2 });
  const text = checkpointText(path);
  if (SPOILT.test(text))
    throw new UserFault(
      `The checkpoint ${path} was copied by a program that read its UTF-8 as another code page, so its signatures do not begin with a dash. Copy the file unchanged, for example with Copy-Item.`,
      { exitCode: 2 },
    );
  const notes = splitNotes(text);
  if (notes.length === 0)
    throw new UserFault(
      `The checkpoint ${path} is empty: nothing can be checked against it. Take another copy of it.`,
      {
        exitCode: 2,
      },
    );
  return notes.map((note, n) => ({ from: notes.length > 1 ? `${path} (${n + 1} of ${notes.length})` : path, note }));
}

function checkpointText(path: string): string {
  try {
    return decodeText(readFileSync(path));
  } catch (error) {
    if (error instanceof TextUnreadable)
      throw new UserFault(`The checkpoint ${path} ${error.message}`, { exitCode: 2, cause: error });
    throw new UserFault(`The checkpoint can't be read: ${pathFault(path, error) ?? path}.`, {
      exitCode: 2,
      cause: error,
    });
  }
}
