import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import type { NoteVerifier } from '../../../ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import { nameOf } from '../../signing/last-signer.ts';
import type { Fault } from '../fault.ts';
import type { HeldContinuation } from './check-continuations.ts';

export interface KeysToFollow {
  /** Keys from elsewhere, of which none signs any more. */
  trusted: readonly NoteVerifier[];
  /** Those of the ledger. */
  keys: readonly NoteVerifier[];
  continuations: readonly HeldContinuation[];
}

/**
 * Where a key from elsewhere is an earlier one of the ledger: what is to be told of the keys that took over from it. Undefined where the
 * newest checkpoint is signed by one of them, or where no key from elsewhere is of this ledger.
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

/** Nothing where nothing is known to be lost or may be, and the key before says by its own signature which key goes on. */
function toldOf(continuation: HeldContinuation, trusted: string): Fault[] {
  const { seq, size, signed, other, unrecorded, says, note, verifierKey } = continuation;
  if (signed > size || other !== undefined || unrecorded) return [{ what: says, leaf: seq - 1 }];
  if (note !== undefined) return [];
  return [
    {
      what: `${nameOf(verifierKey)} ${says}, by its own word alone: ${trusted} has not signed that, so give --key ${verifierKey} too, once you have it from who runs the archive`,
      leaf: seq - 1,
    },
  ];
}

/** The continuation by which what a checkpoint is of is lost, if any is; nothing of the checkpoint is verified by this. */
export function lostBy(note: string, continuations: readonly HeldContinuation[]) {
  const head = headOf(note);
  const by = continuations.find(
    ({ origin, signedBy, size }) => head && (origin === head.origin || signedBy === head.origin) && head.size > size,
  );
  return head && by && { head, by };
}

/** Origin and size of a checkpoint, of which nothing is verified; undefined where it is none. */
export function headOf(note: string): { origin: string; size: number } | undefined {
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
