import type { Database } from 'better-sqlite3';
import { type Checkpoint, parseCheckpoint } from '../../ledger/checkpoint.ts';
import { type NoteVerifier, parseVerifierKey } from '../../ledger/note-key.ts';
import { openNote } from '../../ledger/signed-note.ts';
import { TileUnfit } from '../../ledger/tiles.ts';
import { nameOf } from '../signing/last-signer.ts';
import { checkContinuations } from './check-continuations.ts';
import { checkRecord } from './check-record.ts';
import { addFault, type Fault } from './fault.ts';
import { followKeys, lostBy } from './follow-keys.ts';

export interface CheckpointsToCheck {
  /** How many leaves the file has, and the root of so many of them. */
  size: number;
  rootOf(size: number): Buffer;
  /** Keys from elsewhere: where any is given, the newest checkpoint of the file must be signed by one of them. */
  trusted: readonly NoteVerifier[];
  /** Checkpoints from elsewhere, and where each is from. */
  outside: readonly OutsideCheckpoint[];
  /** The record of what the archive's key has signed last. */
  record?: { from: string; note: string } | undefined;
}

export interface OutsideCheckpoint {
  from: string;
  note: string;
  /** It was written by this installation, which knows what its ledger says is lost. */
  isPublished?: boolean | undefined;
}

export interface CheckedCheckpoints {
  faults: Fault[];
  /** How many of the file's own hold. */
  held: number;
  /** What is to be known of the keys, and is no fault. */
  notes: string[];
}

/**
 * Holds the tree to every checkpoint that the file has, and to those that are given: what was signed is still its beginning. And the
 * file's own to their entries in the ledger, so that none is missing or of another time.
 */
export function checkCheckpoints(sqlite: Database, asked: CheckpointsToCheck): CheckedCheckpoints {
  const faults: Fault[] = [];
  const keys = keysOf(sqlite);
  const { continuations, faults: ofContinuations } = checkContinuations(sqlite, asked.rootOf);
  faults.push(...ofContinuations);
  const notes = continuations.map(({ verifierKey, says }) => `${nameOf(verifierKey)} ${says}`);
  const entries = entriesOf(sqlite);
  const own = sqlite
    .prepare<[], { size: number; madeAt: string; note: string }>(
      'SELECT size, made_at AS madeAt, note FROM main.ledger_checkpoints ORDER BY size DESC',
    )
    .all();
  let held = 0;
  const followed = own[0] && followKeys(own[0].note, { trusted: asked.trusted, keys, continuations });
  faults.push(...(followed ?? []));
  for (const [n, { size, madeAt, note }] of own.entries()) {
    const verifiers =
      n === 0 && asked.trusted.length > 0 && !followed ? asked.trusted : [...keys, ...strangers(asked.trusted, keys)];
    const name = `the checkpoint of ${size} leaves`;
    const before = faults.length;
    const checkpoint = opened(note, verifiers, name, faults);
    if (checkpoint && checkpoint.size !== size) addFault(faults, `${name} is of ${checkpoint.size}`);
    else if (checkpoint) hold(checkpoint, name, asked, faults);
    if (checkpoint && continuations.some(({ origin, seq }) => origin === checkpoint.origin && size >= seq))
      addFault(faults, `${name} is signed by ${checkpoint.origin}, which another key had taken over from`, size - 1);
    // The last leaf that a checkpoint speaks of is its own entry.
    const at = entries.get(size);
    if (at === undefined) addFault(faults, `${name} has no entry in the ledger`);
    else if (at !== madeAt) addFault(faults, `${name} was made at ${at} by the ledger, and not at ${madeAt}`, size - 1);
    entries.delete(size);
    if (faults.length === before) held += 1;
  }
  for (const [size] of entries) addFault(faults, `the checkpoint of ${size} leaves is missing`, size - 1);
  const verifiers = [...asked.trusted, ...strangers(keys, asked.trusted)];
  for (const { from, note, isPublished } of asked.outside) {
    const lost = lostBy(note, continuations);
    // It tells what the ledger tells by itself.
    if (lost && isPublished && lost.head.size <= lost.by.signed) continue;
    const checkpoint = opened(note, verifiers, `the checkpoint ${from}`, faults);
    if (checkpoint && lost)
      addFault(faults, `the checkpoint ${from} is of ${checkpoint.size} leaves, and the archive ${lost.by.says}`);
    else if (checkpoint) hold(checkpoint, `the checkpoint ${from}`, asked, faults);
  }
  if (asked.record) {
    const checked = checkRecord(sqlite, { record: asked.record, verifiers, continuations });
    faults.push(...checked.faults);
    notes.push(...checked.notes);
  }
  return { faults, held, notes };
}

function hold({ size, root }: Checkpoint, name: string, asked: CheckpointsToCheck, faults: Fault[]): void {
  if (size > asked.size) {
    addFault(
      faults,
      `${name} is of ${size} leaves, and the file has ${asked.size}: it is an older file, or has lost what came last`,
    );
    return;
  }
  try {
    if (!asked.rootOf(size).equals(root))
      addFault(faults, `${name} has another root over the first ${size} leaves: history before it was changed`);
  } catch (error) {
    if (!(error instanceof TileUnfit)) throw error;
    addFault(faults, `${name} can not be held to the ledger: ${error.message}`);
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
  const keys = new Set(membersOf(sqlite, 'key', 'verifierKey').map(({ member }) => member));
  return [...keys].flatMap((key) => {
    try {
      return [parseVerifierKey(key)];
    } catch {
      // No key: what it signed is not believed.
      return [];
    }
  });
}

/** When checkpoints were made, by the size that each is of. */
function entriesOf(sqlite: Database): Map<number, string> {
  return new Map(membersOf(sqlite, 'checkpoint', 'at').map(({ seq, member }) => [seq, member]));
}

/** Entries that are no JSON have nothing: they are found where entries are checked. */
function membersOf(sqlite: Database, kind: string, name: string): { seq: number; member: string }[] {
  return sqlite
    .prepare<[string, string], { seq: number; member: string }>(
      `SELECT seq, CAST(CASE WHEN json_valid(entry_json) THEN entry_json ->> ? END AS TEXT) AS member FROM main.ledger_entries
        WHERE kind = ? ORDER BY seq`,
    )
    .all(name, kind)
    .filter(({ member }) => member !== null);
}

function strangers(keys: readonly NoteVerifier[], known: readonly NoteVerifier[]): NoteVerifier[] {
  return keys.filter((key) => !known.some(({ name, keyId }) => name === key.name && keyId === key.keyId));
}
