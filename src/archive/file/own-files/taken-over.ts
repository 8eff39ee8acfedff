import { readFileSync } from 'node:fs';
import { type OwnFile, ownFileOf, TAKEN_OVER } from '../../../lib/files/own-files.ts';
import { replaceFile } from '../../../lib/files/replace-file.ts';

/**
 * Whether the archive has already taken over a file that archives once shared. If there are several archives, the
 * shared files are kept for the others. If a user later deletes the archive's own file to delete its tokens, the shared
 * file must not be taken over again.
 */
export function wasTakenOver(archive: string, file: OwnFile): boolean {
  return readTaken(archive).includes(file);
}

export async function noteTakenOver(archive: string, file: OwnFile): Promise<void> {
  const taken = new Set(readTaken(archive)).add(file);
  await replaceFile(pathOfMark(archive), `${JSON.stringify({ takenOver: [...taken] })}\n`);
}

function readTaken(archive: string): string[] {
  try {
    const content: unknown = JSON.parse(readFileSync(pathOfMark(archive), 'utf8'));
    const isList = typeof content === 'object' && content !== null && 'takenOver' in content;
    return isList && Array.isArray(content.takenOver) ? content.takenOver.map(String) : [];
  } catch {
    return [];
  }
}

function pathOfMark(archive: string): string {
  return ownFileOf(archive, TAKEN_OVER);
}
