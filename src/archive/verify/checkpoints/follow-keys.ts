import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import type { NoteVerifier } from '../../../ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import { nameOf } from '../../signing/last-signer.ts';
import type { Fault } from '../fault.ts';
import type { HeldContinuation } from './check-continuations.ts';

export interface KeysToFollow {
  /** Keys from outside the file. */
  trusted: readonly NoteVerifier[];
  /** The keys of the ledger. */
  keys: readonly NoteVerifier[];
  continuations: readonly HeldContinuation[];
}

/**
 * If a key from outside is an earlier key of this ledger, returns the faults of the keys that took over from it.
 * Undefined if a key from outside signed the newest checkpoint, or if no key from outside was ever a key of this
 * ledger.
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

/** Returns no fault if certainly nothing was lost and the previous key signed the handover. */
function toldOf(continuation: HeldContinuation, trusted: string): Fault[] {
  const { seq, size, signed, other, unrecorded, says, note, verifierKey } = continuation;
  if (signed > size || other !== undefined || unrecorded) return [{ what: says, leaf: seq - 1 }];
  if (note !== undefined) return [];
  return [
    {
      what: `${nameOf(verifierKey)} ${says}, but only the new key says so: ${trusted} has not signed this. Get ${verifierKey} from the people who run the archive, and give it with --key too`,
      leaf: seq - 1,
    },
  ];
}

/**
 * The continuation that says that some of a checkpoint's leaves are lost, if there is one. Does not verify the
 * checkpoint.
 */
export function lostBy(note: string, continuations: readonly HeldContinuation[]) {
  const head = headOf(note);
  const by = continuations.find(
    ({ origin, signedBy, size }) => head && (origin === head.origin || signedBy === head.origin) && head.size > size,
  );
  return head && by && { head, by };
}

/** Origin and size of a checkpoint, without verifying it; undefined if the text is not a checkpoint. */
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
