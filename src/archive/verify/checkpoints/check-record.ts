import type { Database } from 'better-sqlite3';
import { parseCheckpoint } from '../../../ledger/notes/checkpoint.ts';
import type { NoteVerifier } from '../../../ledger/notes/note-key.ts';
import { openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import { faultOfTree } from '../../signing/fault-of-record.ts';
import type { Fault } from '../fault.ts';
import type { HeldContinuation } from './check-continuations.ts';

export interface RecordToCheck {
  /** What the key signed last, according to the record beside the key. */
  record: { from: string; note: string };
  verifiers: readonly NoteVerifier[];
  continuations: readonly HeldContinuation[];
}

/**
 * Compares the tree with what its key signed last. If the record is not valid, returns a note that says so, and
 * compares nothing.
 */
export function checkRecord(
  sqlite: Database,
  { record: { from, note }, verifiers, continuations }: RecordToCheck,
): { faults: Fault[]; notes: string[] } {
  const distrust = (why: string) => ({
    faults: [],
    notes: [`The archive was not compared with ${from}, the record of what its key signed last: ${why}.`],
  });
  let record: { origin: string; size: number; root: Uint8Array };
  try {
    record = parseCheckpoint(parseNote(note).text);
    const known = verifiers.filter(({ name }) => name === record.origin);
    if (known.length > 0) openNote(note, known);
  } catch (error) {
    return distrust(error instanceof Error ? error.message : String(error));
  }
  const { origin, size, root } = record;
  // If another key has taken over, the ledger itself says what is lost.
  const isRenewed = continuations.some((by) => (by.origin === origin || by.signedBy === origin) && size <= by.signed);
  const fault = isRenewed ? undefined : faultOfTree(sqlite, { size, root: Buffer.from(root) });
  return { faults: fault === undefined ? [] : [{ what: fault }], notes: [] };
}
