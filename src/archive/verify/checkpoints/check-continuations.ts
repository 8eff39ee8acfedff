import type { Database } from 'better-sqlite3';
import { handoverText, sayContinuation } from '../../../ledger/notes/continuation.ts';
import { parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { openNote } from '../../../ledger/notes/signed-note.ts';
import { nameOf } from '../../signing/last-signer.ts';
import { readContinuations } from '../../signing/read-continuations.ts';
import { addFault, type Fault } from '../fault.ts';

/** A continuation in the ledger, with the number of its entry. */
export type HeldContinuation = ReturnType<typeof readContinuations>[number];

export interface CheckedContinuations {
  faults: Fault[];
  /** All continuations that could be read, in the order of the ledger. */
  continuations: HeldContinuation[];
}

/**
 * Checks the ledger's entries about keys that took over from others against the keys, the tree and the checkpoints that
 * they name.
 */
export function checkContinuations(sqlite: Database, rootOf: (size: number) => Buffer): CheckedContinuations {
  const faults: Fault[] = [];
  const continuations = readContinuations(sqlite);
  const keys = continuations.length === 0 ? [] : keyEntriesOf(sqlite);
  for (const continuation of continuations) {
    const what = faultOf(sqlite, continuation, keys, rootOf);
    const { seq, says } = continuation;
    if (what !== undefined) addFault(faults, `entry ${seq} of the ledger, "${says}", ${what}`, seq - 1);
  }
  return { faults, continuations };
}

interface KeyEntry {
  seq: number;
  verifierKey: string;
}

function faultOf(
  sqlite: Database,
  continuation: HeldContinuation,
  keys: readonly KeyEntry[],
  rootOf: (size: number) => Buffer,
): string | undefined {
  const { seq, verifierKey, origin, size, root, signed } = continuation;
  const before = keys.filter((key) => key.seq < seq - 1).at(-1);
  if (keys.find((key) => key.seq === seq - 1)?.verifierKey !== verifierKey)
    return 'does not follow the entry of its key';
  if (before === undefined || nameOf(before.verifierKey) !== origin) return 'does not continue the previous key';
  if (continuation.says !== sayContinuation(continuation)) return 'says something else in words than in numbers';
  if (signed < size || size > seq - 2) return 'continues more leaves than there were';
  if (rootOf(size).toString('base64') !== root) return `has another root than the first ${size} leaves`;
  if (!hasCheckpoint(sqlite, size)) return 'continues a checkpoint that is missing';
  return faultOfNote(continuation, before.verifierKey);
}

/** A note must be signed by the previous key: otherwise anybody could hand over in its name. */
function faultOfNote(continuation: HeldContinuation, before: string): string | undefined {
  if (continuation.note === undefined) return undefined;
  try {
    const { text } = openNote(continuation.note, [parseVerifierKey(before)]);
    return text === handoverText(continuation) ? undefined : 'has a note with other words';
  } catch (error) {
    return `has a note that cannot be believed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function hasCheckpoint(sqlite: Database, size: number): boolean {
  return sqlite.prepare('SELECT 1 FROM main.ledger_checkpoints WHERE size = ?').get(size) !== undefined;
}

function keyEntriesOf(sqlite: Database): KeyEntry[] {
  return sqlite
    .prepare<[], { seq: number; verifierKey: string | null }>(
      `SELECT seq, CAST(CASE WHEN json_valid(entry_json) THEN entry_json ->> '$.verifierKey' END AS TEXT) AS verifierKey
         FROM main.ledger_entries WHERE kind = 'key' ORDER BY seq`,
    )
    .all()
    .map(({ seq, verifierKey }) => ({ seq, verifierKey: verifierKey ?? '' }));
}
