import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import type { NoteVerifier } from '../../../ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import { nameOf } from '../../signing/last-signer.ts';
import type { Fault } from '../fault.ts';
import type { HeldContinuation } from './check-continuations.ts';

export interface KeysToFollow {
  /** Keys from outside. None of these keys signs any more. */
  trusted: readonly NoteVerifier[];
  /** The keys of the ledger. */
  keys: readonly NoteVerifier[];
  continuations: readonly HeldContinuation[];
}

/**
 * If a key from outside is an earlier key of this ledger: the faults of the keys that took over from it. Undefined if a
 * key from outside signed the newest checkpoint, or if none of them belongs to this ledger.
 */
export function followKeys(newest: string, { trusted, keys, continuations }: KeysToFollow): Fault[] | undefined {
  if (isOpened(newest, trusted)) return undefined;
  for (const { name, pem } of trusted) {
    const isOfLedger = keys.some((key) => key.name === name && key.pem === pem);
    const begin = continuations.findIndex(
      ({ origin, signedBy }) => (isOfLedger && origin === name) || signedBy === name,
    );
    if (begin >= 0) return continuations.slice(begin).flatMap((each) => toldOf(each, name));
  }
  return undefined;
}

/** No fault if nothing was lost, nothing may have been lost, and the previous key signed which key takes over. */
function toldOf(continuation: HeldContinuation, trusted: string): Fault[] {
  const { seq, size, signed, other, unrecorded, says, note, verifierKey } = continuation;
  if (signed > size || other !== undefined || unrecorded) return [{ what: says, leaf: seq - 1 }];
  if (note !== undefined) return [];
  return [
    {
      what: `${nameOf(verifierKey)} ${says}, only by its own word: ${trusted} has not signed that, so give --key ${verifierKey} too, once you have it from who runs the archive`,
      leaf: seq - 1,
    },
  ];
}

/**
 * The continuation that gave up a part of the history that this checkpoint covers, if there is one. The checkpoint
 * itself is not verified here.
 */
export function lostBy(note: string, continuations: readonly HeldContinuation[]) {
  const head = headOf(note);
  const by = continuations.find(
    ({ origin, signedBy, size }) => head && (origin === head.origin || signedBy === head.origin) && head.size > size,
  );
  return head && by && { head, by };
}

/** Origin and size of a checkpoint, not verified; undefined if the text is not a checkpoint. */
function headOf(note: string): { origin: string; size: number } | undefined {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch {
    return undefined;
  }
}

function isOpened(note: string, verifiers: readonly NoteVerifier[]): boolean {
  try {
    return openNote(note, verifiers).verified.length > 0;
  } catch {
    return false;
  }
}
