import { openArchiveReadOnly, type ReadArchive } from '../../db/open.ts';
import { holdBack } from '../display/hold-back.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Opens an archive for a command that only reads, runs `work`, and closes it. If other processes can write to the file
 * during `work`, the output is shown only after a check that none did. Throws UserFault if one did, and also the errors
 * of openArchiveReadOnly.
 */
export async function readArchive(
  path: string,
  terminal: Terminal,
  work: (db: ReadArchive, terminal: Terminal) => void | Promise<void>,
): Promise<void> {
  const db = openArchiveReadOnly(path);
  const held = db.mode === 'immutable' ? holdBack(terminal) : undefined;
  try {
    await work(db, held?.terminal ?? terminal);
  } finally {
    db.close();
  }
  db.confirm();
  await held?.giveOut();
}
