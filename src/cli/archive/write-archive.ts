import { openExistingArchive } from '../../archive/file/open-archive.ts';
import { readyToWrite } from '../../archive/file/ready-to-write.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Opens an archive that is there for a command that writes to it, once nobody reads it who keeps it from being written to. Throws UserFault
 * where there is none, or it is another version's.
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
