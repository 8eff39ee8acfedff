import { parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { readVerifierKey } from '../../../ledger/notes/open-signer.ts';
import { openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import type { Reach } from './read-reach.ts';

/**
 * Compares the key at the configured path with the key that signed a backup last. `false`: the key has the other key's
 * name, but has not signed the backup.
 */
export interface KeyOfBackup {
  state: 'same' | 'other' | 'missing' | 'unreadable' | 'unsigned' | 'false';
  /** The name of the key that signed the backup, from its newest checkpoint. */
  signedBy: string | null;
}

/** Whether the key that signed the backup is at the configured path. Makes no key. */
export function keyOfBackup({ checkpoint }: Reach, keyPath: string): KeyOfBackup {
  if (checkpoint === null) return { state: 'unsigned', signedBy: null };
  return { state: stateOf(checkpoint.note, keyPath), signedBy: checkpoint.origin };
}

function stateOf(note: string, keyPath: string): KeyOfBackup['state'] {
  let key: string | undefined;
  try {
    key = readVerifierKey(keyPath);
  } catch {
    return 'unreadable';
  }
  if (key === undefined) return 'missing';
  const verifier = parseVerifierKey(key);
  // Names of keys are random. If another key has the same name, somebody made it to look like this key.
  if (!parseNote(note).signatures.some(({ name }) => name === verifier.name)) return 'other';
  try {
    openNote(note, [verifier]);
    return 'same';
  } catch {
    return 'false';
  }
}
