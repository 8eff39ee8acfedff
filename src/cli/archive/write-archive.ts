import { openExistingArchive } from '../../archive/file/open-archive.ts';
import { readyToWrite } from '../../archive/file/ready-to-write.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Opens an existing archive for a command that writes to it. Waits first for readers that lock out writers. Throws
 * UserFault if there is no archive, or if it belongs to another version.
 */
export async function openToWrite(
  path: string,
  terminal: Terminal,
  signal: AbortSignal = new AbortController().signal,
): Promise<ArchiveDb> {
  const ready = await readyToWrite(path, { say: terminal.note, signal });
  try {
    return openExistingArchive(path);
  } finally {
    ready.release();
  }
}
