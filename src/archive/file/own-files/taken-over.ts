import { readFileSync } from 'node:fs';
import { type OwnFile, ownFileOf, TAKEN_OVER } from '../../../lib/files/own-files.ts';
import { replaceFile } from '../../../lib/files/replace-file.ts';

/**
 * If there are several archives, the former files stay for the others. So the archive writes down which files it has
 * taken over: if a user deletes its own file later, to get rid of its tokens, the former ones must not come back.
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
