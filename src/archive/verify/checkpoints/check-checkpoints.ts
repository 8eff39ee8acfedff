import type { Database } from 'better-sqlite3';
import { type Checkpoint, parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import { type NoteVerifier, parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import { TileUnfit } from '../../../ledger/tiles/tiles.ts';
import { nameOf } from '../../signing/last-signer.ts';
import { addFault, type Fault } from '../fault.ts';
import type { OutsideCheckpoint } from '../outside/outside-checkpoint.ts';
import { checkContinuations, type HeldContinuation } from './check-continuations.ts';
import { checkRecord } from './check-record.ts';
import { followKeys, lostBy } from './follow-keys.ts';

export interface CheckpointsToCheck {
  /** How many leaves the file has. `rootOf` returns the root of its first `size` leaves. */
  size: number;
  rootOf(size: number): Buffer;
  /** Keys from outside the file. If there are any, one of them must have signed the newest checkpoint of the file. */
  trustedKeys: readonly string[];
  outside: readonly OutsideCheckpoint[];
  /** The record of what the archive's key signed last. */
  record?: { from: string; note: string } | undefined;
}

export interface CheckedCheckpoints {
  faults: Fault[];
  /** How many of the file's own checkpoints are correct. */
  held: number;
  /** Sentences about the keys and the record which are not faults. */
  notes: string[];
  /**
   * The size of the newest checkpoint and the key that signed it; 0 and undefined if there is no checkpoint or the
   * newest one is wrong.
   */
  signedLeaves: number;
  signedBy: string | undefined;
  /**
   * How many leaves a key or a checkpoint from outside confirms, and which of these two confirms them. A key that is
   * only in the file is not from outside.
   */
  heldLeaves: number;
  heldBy: 'key' | 'checkpoint' | undefined;
}

/** A key, with the text that it was parsed from. */
interface KnownKey {
  text: string;
  verifier: NoteVerifier;
}

/**
 * Compares the tree with every checkpoint of the file and from outside: the tree must still begin with the leaves that
 * were signed. Also compares the file's own checkpoints with their entries in the ledger, so that a missing checkpoint
 * or a changed time is found.
 */
export function checkCheckpoints(sqlite: Database, asked: CheckpointsToCheck): CheckedCheckpoints {
  const faults: Fault[] = [];
  const trusted = asked.trustedKeys.map((text) => ({ text, verifier: parseVerifierKey(text) }));
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
  let newest: { size: number; by: KnownKey } | undefined;
  const followed =
    own[0] && followKeys(own[0].note, { trusted: verifiersOf(trusted), keys: verifiersOf(keys), continuations });
  faults.push(...(followed ?? []));
  for (const [n, { size, madeAt, note }] of own.entries()) {
    const known = n === 0 && trusted.length > 0 && !followed ? trusted : [...keys, ...strangers(trusted, keys)];
    const name = `the checkpoint of ${size} leaves`;
    const before = faults.length;
    const opening = opened(note, known, name, faults);
    if (opening && opening.checkpoint.size !== size)
      addFault(faults, `${name} has a note for ${opening.checkpoint.size} leaves`);
    else if (opening) hold(opening.checkpoint, name, asked, faults);
    if (opening && continuations.some(({ origin, seq }) => origin === opening.checkpoint.origin && size >= seq))
      addFault(
        faults,
        `${name} is signed by ${opening.checkpoint.origin}, although another key had taken over from it`,
        size - 1,
      );
    // The last leaf of a checkpoint is the checkpoint's own entry.
    const at = entries.get(size);
    if (at === undefined) addFault(faults, `${name} has no entry in the ledger`);
    else if (at !== madeAt)
      addFault(faults, `${name} was made at ${at} according to the ledger, not at ${madeAt}`, size - 1);
    entries.delete(size);
    if (faults.length > before) continue;
    held += 1;
    if (n === 0 && opening) newest = { size, by: opening.by };
  }
  for (const [size] of entries) addFault(faults, `the checkpoint of ${size} leaves is missing`, size - 1);
  const known = [...trusted, ...strangers(keys, trusted)];
  const outside = holdToOutside(asked, known, { keys, continuations, faults });
  if (asked.record) {
    const checked = checkRecord(sqlite, { record: asked.record, verifiers: verifiersOf(known), continuations });
    faults.push(...checked.faults);
    notes.push(...checked.notes);
  }
  // A key from outside confirms the key that took over if it signed the handover and nothing was lost.
  const isHandedOver = followed?.length === 0;
  const isHeldToKey = newest !== undefined && (isHandedOver || trusted.includes(newest.by));
  const isOfPinned = newest !== undefined && outside.signedBy.some(({ text }) => text === newest.by.text);
  const heldToCheckpoint = Math.max(outside.leaves, isOfPinned && newest ? newest.size : 0);
  const heldToKey = isHeldToKey && newest ? newest.size : 0;
  const heldLeaves = Math.max(heldToKey, heldToCheckpoint);
  return {
    ...{ faults, held, notes, signedLeaves: newest?.size ?? 0, signedBy: newest?.by.text, heldLeaves },
    heldBy: heldLeaves === 0 ? undefined : heldToKey === heldLeaves ? 'key' : 'checkpoint',
  };
}

interface KnownOfLedger {
  keys: readonly KnownKey[];
  continuations: readonly HeldContinuation[];
  faults: Fault[];
}

/**
 * Compares the tree with the checkpoints from outside. A checkpoint that somebody kept proves two things: what the
 * first leaves are, and which key is the archive's own, because only that key could have signed it.
 */
function holdToOutside(
  asked: CheckpointsToCheck,
  known: readonly KnownKey[],
  { keys, continuations, faults }: KnownOfLedger,
): { leaves: number; signedBy: KnownKey[] } {
  const signedBy: KnownKey[] = [];
  let leaves = 0;
  for (const { from, note, isOwn = false } of asked.outside) {
    const name = `the checkpoint ${from}`;
    const before = faults.length;
    const lost = lostBy(note, continuations);
    // The service itself wrote this checkpoint, and the ledger says that some of its leaves are lost.
    if (lost && isOwn && lost.head.size <= lost.by.signed) continue;
    const foreign = foreignOrigin(note, known);
    if (foreign !== undefined) {
      const ours = [...new Set(keys.map(({ verifier }) => verifier.name))].join(', ');
      addFault(
        faults,
        `${name} belongs to the ledger ${foreign}, but ${ours === '' ? 'nobody has signed this archive' : `this archive's ledger is ${ours}`}`,
      );
      continue;
    }
    const opening = opened(note, known, name, faults);
    if (opening && lost)
      addFault(faults, `${name} has ${opening.checkpoint.size} leaves, but the archive ${lost.by.says}`);
    else if (opening) hold(opening.checkpoint, name, asked, faults);
    if (!opening || isOwn || faults.length > before) continue;
    signedBy.push(opening.by);
    leaves = Math.max(leaves, opening.checkpoint.size);
  }
  return { leaves, signedBy };
}

function verifiersOf(keys: readonly KnownKey[]): NoteVerifier[] {
  return keys.map(({ verifier }) => verifier);
}

/**
 * The ledger that a checkpoint names, if no known key has that name. Undefined if the text is not a checkpoint, which
 * is reported elsewhere.
 */
function foreignOrigin(note: string, known: readonly KnownKey[]): string | undefined {
  try {
    const { origin } = parseCheckpoint(parseNote(note).text);
    return known.some(({ verifier }) => verifier.name === origin) ? undefined : origin;
  } catch {
    return undefined;
  }
}

function hold({ size, root }: Checkpoint, name: string, asked: CheckpointsToCheck, faults: Fault[]): void {
  if (size > asked.size) {
    addFault(
      faults,
      `${name} has ${size} leaves, but the file has ${asked.size}: it is an older file, or has lost its last leaves`,
    );
    return;
  }
  try {
    if (!asked.rootOf(size).equals(root))
      addFault(
        faults,
        `${name} has another root for the first ${size} leaves: history before the checkpoint was changed`,
      );
  } catch (error) {
    if (!(error instanceof TileUnfit)) throw error;
    addFault(faults, `${name} cannot be checked against the ledger: ${error.message}`);
  }
}

function opened(
  note: string,
  known: readonly KnownKey[],
  name: string,
  faults: Fault[],
): { checkpoint: Checkpoint; by: KnownKey } | undefined {
  try {
    const verifiers = known.map(({ verifier }) => verifier);
    const { text, verified } = openNote(note, verifiers);
    const by = known.find(({ verifier }) => verifier === verified[0]?.verifier);
    return by && { checkpoint: parseCheckpoint(text), by };
  } catch (error) {
    addFault(faults, `${name} cannot be believed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The keys that have signed the ledger, according to its own entries. */
function keysOf(sqlite: Database): KnownKey[] {
  const keys = new Set(membersOf(sqlite, 'key', 'verifierKey').map(({ member }) => member));
  return [...keys].flatMap((text) => {
    try {
      return [{ text, verifier: parseVerifierKey(text) }];
    } catch {
      // The text is not a key, so it confirms nothing.
      return [];
    }
  });
}

/** When each checkpoint was made, by the size of the checkpoint. */
function entriesOf(sqlite: Database): Map<number, string> {
  return new Map(membersOf(sqlite, 'checkpoint', 'at').map(({ seq, member }) => [seq, member]));
}

/** Returns one member of each entry of one kind. Leaves out entries that are not JSON: checkRows reports them. */
function membersOf(sqlite: Database, kind: string, name: string): { seq: number; member: string }[] {
  return sqlite
    .prepare<[string, string], { seq: number; member: string }>(
      `SELECT seq, CAST(CASE WHEN json_valid(entry_json) THEN entry_json ->> ? END AS TEXT) AS member FROM main.ledger_entries
        WHERE kind = ? ORDER BY seq`,
    )
    .all(name, kind)
    .filter(({ member }) => member !== null);
}

function strangers(keys: readonly KnownKey[], known: readonly KnownKey[]): KnownKey[] {
  return keys.filter(
    ({ verifier: { name, keyId } }) =>
      !known.some(({ verifier }) => name === verifier.name && keyId === verifier.keyId),
  );
}
