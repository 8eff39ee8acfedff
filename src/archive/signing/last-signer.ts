import type { Database } from 'better-sqlite3';
import { parseCheckpoint } from '../../ledger/notes/checkpoint.ts';
import { parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../ledger/notes/signed-note.ts';

/** The key that signed an archive last. */
export interface LastSigner {
  /** The key's name. */
  origin: string;
  isKey(verifierKey: string): boolean;
}

/**
 * Finds out which key signed an archive last: from the newest checkpoint, or from the ledger if there is no checkpoint.
 * Undefined if no key has ever signed the archive.
 */
export function readLastSigner(sqlite: Database): LastSigner | undefined {
  const note = sqlite
    .prepare<[], string>('SELECT note FROM main.ledger_checkpoints ORDER BY size DESC LIMIT 1')
    .pluck()
    .get();
  // The checkpoint is tried first, because finding the key in the ledger means reading all entries.
  const origin = note === undefined ? undefined : originOf(note);
  if (note !== undefined && origin !== undefined) return { origin, isKey: (key) => isSignedBy(note, key) };
  const last = readLastKey(sqlite);
  return last === undefined ? undefined : { origin: nameOf(last), isKey: (key) => key === last };
}

/** The public form of the newest key in the ledger. Reads all entries. */
export function readLastKey(sqlite: Database): string | undefined {
  return readKeys(sqlite).at(-1);
}

/** All keys in the ledger, in the order of their entries. Reads all entries. */
export function readKeys(sqlite: Database): string[] {
  return sqlite
    .prepare<[], string | null>(
      `SELECT CAST(CASE WHEN json_valid(entry_json) THEN entry_json ->> '$.verifierKey' END AS TEXT)
         FROM main.ledger_entries WHERE kind = 'key' ORDER BY seq`,
    )
    .pluck()
    .all()
    .filter((key) => key !== null);
}

/** The name in a key's text. */
export function nameOf(verifierKey: string): string {
  return verifierKey.slice(0, Math.max(0, verifierKey.indexOf('+')));
}

/** Whether a key has signed a note. */
export function isSignedBy(note: string, verifierKey: string): boolean {
  try {
    openNote(note, [parseVerifierKey(verifierKey)]);
    return true;
  } catch {
    return false;
  }
}

function originOf(note: string): string | undefined {
  try {
    return parseCheckpoint(parseNote(note).text).origin;
  } catch {
    // Somebody has changed the note. `verify` reports that.
    return undefined;
  }
}
