import type { Database } from 'better-sqlite3';
import { joined } from '../../db/condition.ts';
import type { CommittedMember, Opening } from '../../ledger/entries/commitments.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { revisionEntry } from '../../ledger/entries/entries.ts';
import type { RedactableMember } from '../../ledger/entries/redactable-members.ts';
import { REVISION_COLUMNS, type RevisionRow } from '../../ledger/entries/revision-row.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { createProver } from '../../ledger/tree/create-prover.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
import { conditionsOf, PRESENT } from '../invocations/invocation-filter.ts';
import { IS_WITHOUT_OUTPUTS } from '../shared/without-outputs.ts';
import { digestsIn } from './digests-in.ts';
import type { StateLine } from './state-line.ts';

export interface WrittenStates {
  states: number;
  /** How many of the states have only their hash in the pack. */
  withheld: number;
  /** SHA-256 in hex of the outputs that the states name, without withheld states and pruned outputs. */
  outputs: Set<string>;
  /** The `seq`s of the tombstones that pruned outputs of these states. */
  tombstones: Set<number>;
}

export interface StatesToWrite {
  filter: InvocationFilter;
  /** The proofs are for the ledger of this size. */
  size: number;
  redacted: readonly RedactableMember[];
}

/**
 * Writes all states of the invocations that a filter finds, in the order of the ledger: one line for each state, with
 * its proof of inclusion. For a redacted member a line has only the commitment. If a state has no commitment for a
 * redacted member, the whole state is withheld.
 */
export function writeStates(
  sqlite: Database,
  { filter, size, redacted }: StatesToWrite,
  write: (line: string) => void,
): WrittenStates {
  const prover = createProver(tileStore(sqlite).read, size);
  const readBatch = createBatchReader(sqlite);
  const found: WrittenStates = { states: 0, withheld: 0, outputs: new Set(), tombstones: new Set() };
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const rows = sqlite
    .prepare<unknown[], RevisionRow & { tombstoneSeq: number | null }>(
      `SELECT ${REVISION_COLUMNS}, CASE WHEN ${IS_WITHOUT_OUTPUTS} THEN (SELECT l.tombstone_seq FROM main.pruned_leaves l
                WHERE l.what = 'outputs' AND l.from_seq <= r.seq ORDER BY l.from_seq DESC LIMIT 1) END AS tombstoneSeq FROM invocations i JOIN revisions r ON r.invocation_id = i.id WHERE ${sql} ORDER BY r.seq`,
    )
    .iterate(...params);
  for (const row of rows) {
    const batch = readBatch(row.batchId);
    const openings: (Opening & { member: CommittedMember })[] = [];
    const entry = revisionEntry(row, batch, batch.states[row.line] ?? '', (opening, member) => {
      // The fingerprint (no `member`) is never opened.
      if (member !== undefined && !redacted.includes(member)) openings.push({ ...opening, member });
    });
    const leaf = row.seq - 1;
    const proof = prover.inclusion(leaf).map((hash) => hash.toString('base64'));
    const isWithheld = shows(entry, redacted);
    const line: StateLine = isWithheld
      ? { leaf, hash: hashLeaf(entry).toString('base64'), proof }
      : { leaf, entry, openings: openings.map(({ salt, value }) => ({ salt: salt.toString('hex'), value })), proof };
    write(`${JSON.stringify(line)}\n`);
    found.states += 1;
    if (isWithheld) found.withheld += 1;
    if (row.tombstoneSeq !== null) found.tombstones.add(row.tombstoneSeq);
    else if (!isWithheld) for (const digest of digestsOf(entry, openings)) found.outputs.add(digest);
  }
  return found;
}

/** Writes the tombstones with these numbers, one line each, with entry and proof. */
export function writeTombstones(
  sqlite: Database,
  { seqs, size }: { seqs: Iterable<number>; size: number },
  write: (line: string) => void,
): void {
  const prover = createProver(tileStore(sqlite).read, size);
  const read = sqlite.prepare<[number], string>('SELECT entry_json FROM main.ledger_entries WHERE seq = ?').pluck();
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const proof = prover.inclusion(seq - 1).map((hash) => hash.toString('base64'));
    const line: StateLine = { leaf: seq - 1, entry: read.get(seq) ?? '', openings: [], proof };
    write(`${JSON.stringify(line)}\n`);
  }
}

/**
 * Whether an entry has the value of one of these members instead of a commitment to the value. Entries of versions
 * before commitments have values, and so have entries in a form without commitments.
 */
function shows(entry: string, members: readonly RedactableMember[]): boolean {
  return members.some((member) => new RegExp(`"${member}":(?!""|null|\\{"commitment":)`).test(entry));
}

function digestsOf(entry: string, openings: readonly (Opening & { member: CommittedMember })[]): string[] {
  const opened = openings.filter(({ member }) => member === 'Output').map(({ value }) => `"Output":${value}`);
  return digestsIn(`${entry} ${opened.join(' ')}`);
}
