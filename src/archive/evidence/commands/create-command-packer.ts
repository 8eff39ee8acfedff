import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { commandEntry } from '../../../ledger/entries/command-entry.ts';
import type { Opening } from '../../../ledger/entries/commitments.ts';
import { readCommandState } from '../../../ledger/entries/read-command-state.ts';
import type { RedactableMember } from '../../../ledger/entries/redactable-members.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { createProver } from '../../../ledger/tree/create-prover.ts';
import { hashLeaf } from '../../../ledger/tree/hash-leaf.ts';
import { openEntry } from '../open-entry.ts';
import type { StateLine } from '../state-line.ts';
import { type CommandOfEntry, commandOfEntry, redactCommand, showsMember } from './command-of-entry.ts';

/** A state of a command as a pack has it. */
export interface PackedState {
  line: StateLine;
  isWithheld: boolean;
  /** The command as this state shows it, redacted. */
  command: CommandOfEntry;
}

/** The size of the ledger that proofs are for, and what is left out. */
export interface PackedFor {
  size: number;
  redacted: readonly RedactableMember[];
}

/**
 * Returns a function that takes the seq of a command's state and returns what a pack has of it. An entry from before
 * commitments is withheld whole if it has the value of a redacted member. Throws if the ledger's entry is missing.
 */
export function createCommandPacker(sqlite: Database, { size, redacted }: PackedFor): (seq: number) => PackedState {
  const prover = createProver(tileStore(sqlite).read, size);
  return (seq) => {
    const leaf = seq - 1;
    const proof = prover.inclusion(leaf).map((hash) => hash.toString('base64'));
    const state = readCommandState(sqlite, seq);
    if (!state) {
      const entry = entryOf(sqlite, seq);
      const command = known(commandOfEntry(entry), seq);
      if (!showsMember(command, redacted))
        return { line: { leaf, entry, openings: [], proof }, isWithheld: false, command };
      const line = { leaf, hash: hashLeaf(entry).toString('base64'), proof };
      return { line, isWithheld: true, command: redactCommand(command, redacted) };
    }
    const openings: Opening[] = [];
    const entry = commandEntry(state, state.stateJson, (opening, member) => {
      // The fingerprint covers the whole reply. It reveals nothing to a reader who does not have the reply.
      if (member !== undefined && !redacted.includes(member)) openings.push(opening);
    });
    const shown = openings.map(({ salt, value }) => ({ salt: salt.toString('hex'), value }));
    const command = known(commandOfEntry(openEntry(entry, shown).text), seq);
    return { line: { leaf, entry, openings: shown, proof }, isWithheld: false, command };
  };
}

/** The text of an entry that is stored in `ledger_entries`. */
export function entryOf(sqlite: Database, seq: number): string {
  const read = prepareOnce<[number], string>(sqlite, 'SELECT entry_json FROM main.ledger_entries WHERE seq = ?');
  const entry = read.pluck().get(seq);
  if (entry === undefined) throw new Error(`The ledger has no entry ${seq}: ssm-archive verify says what is wrong.`);
  return entry;
}

function known(command: CommandOfEntry | undefined, seq: number): CommandOfEntry {
  if (!command) throw new Error(`Entry ${seq} is not of a command: ssm-archive verify says what is wrong.`);
  return command;
}
