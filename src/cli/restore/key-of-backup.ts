import type { Reach } from '../../archive/restore/read-reach.ts';
import { parseVerifierKey } from '../../ledger/note-key.ts';
import { readVerifierKey } from '../../ledger/open-signer.ts';
import { parseNote } from '../../ledger/signed-note.ts';

/** The key at the configured path, beside the one that has signed a backup last. */
export interface KeyOfBackup {
  state: 'same' | 'other' | 'missing' | 'unreadable' | 'unsigned';
  /** The name of the one that has signed it. */
  signedBy: string | null;
}

/** Whether the key that has signed the backup is there. Makes nothing. */
export function keyOfBackup({ checkpoint }: Reach, keyPath: string): KeyOfBackup {
  if (checkpoint === null) return { state: 'unsigned', signedBy: null };
  return { state: stateOf(checkpoint.note, keyPath), signedBy: checkpoint.origin };
}

function stateOf(note: string, keyPath: string): KeyOfBackup['state'] {
  try {
    const key = readVerifierKey(keyPath);
    if (key === undefined) return 'missing';
    const { name, keyId } = parseVerifierKey(key);
    return parseNote(note).signatures.some((by) => by.name === name && by.keyId === keyId) ? 'same' : 'other';
  } catch {
    return 'unreadable';
  }
}
