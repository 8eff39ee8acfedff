import type { Database } from 'better-sqlite3';
import { type Checkpoint, parseCheckpoint } from '../../ledger/checkpoint.ts';
import { type NoteVerifier, parseVerifierKey } from '../../ledger/note-key.ts';
import { openNote } from '../../ledger/signed-note.ts';
import { addFault, type Fault } from './fault.ts';

export interface CheckpointsToCheck {
  /** How many leaves the file has, and the root of so many of them. */
  size: number;
  rootOf(size: number): Buffer;
  /** Keys from elsewhere: where any is given, the newest checkpoint of the file must be signed by one of them. */
  trusted: readonly NoteVerifier[];
  /** Checkpoints from elsewhere, and where each is from. */
  outside: readonly { from: string; note: string }[];
}

export interface CheckedCheckpoints {
  faults: Fault[];
  /** How many of the file's own hold. */
  held: number;
}

/** Holds the tree to every checkpoint that the file has, and to those that are given: what was signed is still its beginning. */
export function checkCheckpoints(sqlite: Database, asked: CheckpointsToCheck): CheckedCheckpoints {
  const faults: Fault[] = [];
  const keys = keysOf(sqlite);
  const own = sqlite
    .prepare<[], { size: number; note: string }>('SELECT size, note FROM main.ledger_checkpoints ORDER BY size DESC')
    .all();
  let held = 0;
  for (const [n, { size, note }] of own.entries()) {
    const verifiers =
      n === 0 && asked.trusted.length > 0 ? asked.trusted : [...keys, ...strangers(asked.trusted, keys)];
    const before = faults.length;
    const checkpoint = opened(note, verifiers, `the checkpoint of ${size} leaves`, faults);
    if (checkpoint && checkpoint.size !== size)
      addFault(faults, `the checkpoint of ${size} leaves is of ${checkpoint.size}`);
    else if (checkpoint) hold(checkpoint, `the checkpoint of ${size} leaves`, asked, faults);
    if (faults.length === before) held += 1;
  }
  for (const { from, note } of asked.outside) {
    const checkpoint = opened(
      note,
      [...asked.trusted, ...strangers(keys, asked.trusted)],
      `the checkpoint ${from}`,
      faults,
    );
    if (checkpoint) hold(checkpoint, `the checkpoint ${from}`, asked, faults);
  }
  return { faults, held };
}

function hold({ size, root }: Checkpoint, name: string, asked: CheckpointsToCheck, faults: Fault[]): void {
  if (size > asked.size) {
    addFault(
      faults,
      `${name} is of ${size} leaves, and the file has ${asked.size}: it is an older file, or has lost what came last`,
    );
  } else if (!asked.rootOf(size).equals(root)) {
    addFault(faults, `${name} has another root over the first ${size} leaves: history before it was changed`);
  }
}

function opened(
  note: string,
  verifiers: readonly NoteVerifier[],
  name: string,
  faults: Fault[],
): Checkpoint | undefined {
  try {
    return parseCheckpoint(openNote(note, verifiers).text);
  } catch (error) {
    addFault(faults, `${name} can not be believed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The keys that the ledger says it was signed by. */
function keysOf(sqlite: Database): NoteVerifier[] {
  const keys = sqlite
    .prepare<[], string>(`SELECT DISTINCT entry_json ->> '$.verifierKey' FROM main.ledger_entries WHERE kind = 'key'`)
    .pluck()
    .all();
  return keys.flatMap((key) => {
    try {
      return [parseVerifierKey(key)];
    } catch {
      // No key: what it signed is not believed.
      return [];
    }
  });
}

function strangers(keys: readonly NoteVerifier[], known: readonly NoteVerifier[]): NoteVerifier[] {
  return keys.filter((key) => !known.some(({ name, keyId }) => name === key.name && keyId === key.keyId));
}
