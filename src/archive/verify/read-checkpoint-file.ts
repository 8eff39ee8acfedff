import { existsSync, readFileSync } from 'node:fs';
import { UserFault } from '../../lib/user-fault.ts';
import type { OutsideCheckpoint } from './trust/outside-checkpoint.ts';
import { splitNotes } from './trust/split-notes.ts';

/**
 * The checkpoints that were kept as a file, one or several behind each other, and where each is from. Throws UserFault where it can't be
 * read, or has none: it would hold the archive to nothing.
 */
export function readCheckpointFile(path: string): OutsideCheckpoint[] {
  if (!existsSync(path)) throw new UserFault(`There is no checkpoint ${path}.`, { exitCode: 2 });
  const notes = splitNotes(textOf(path));
  if (notes.length === 0)
    throw new UserFault(`The checkpoint ${path} is empty: nothing can be held to it. Take another copy of it.`, {
      exitCode: 2,
    });
  return notes.map((note, n) => ({ from: notes.length > 1 ? `${path} (${n + 1} of ${notes.length})` : path, note }));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new UserFault(`The checkpoint ${path} can't be read: ${what}.`, { exitCode: 2, cause: error });
  }
}
