import type { Database } from 'better-sqlite3';
import type { CommittedMember, Opening } from '../../ledger/commitments.ts';
import { createProver } from '../../ledger/create-prover.ts';
import { revisionEntry } from '../../ledger/entries.ts';
import { hashLeaf } from '../../ledger/hash-leaf.ts';
import { createPackReader } from '../../ledger/read-pack.ts';
import { REVISION_COLUMNS, type RevisionRow } from '../../ledger/revision-row.ts';
import { tileStore } from '../../ledger/tile-store.ts';
import { conditionsOf, type InvocationFilter, joined, PRESENT } from '../invocation-filter.ts';
import type { StateLine } from './state-line.ts';

export interface WrittenStates {
  states: number;
  /** Of them, those that are there by their hash alone. */
  withheld: number;
  /** SHA-256 in hex of the outputs that the others name. */
  outputs: Set<string>;
}

export interface StatesToWrite {
  filter: InvocationFilter;
  /** Of the ledger that proofs are to. */
  size: number;
  redacted: readonly CommittedMember[];
}

const OUTPUT = /"Output":\{"sha256":"([0-9a-f]{64})"\}/g;

/**
 * All states of the invocations that a filter finds, in the order of the ledger, each a line with its proof of inclusion. Of what is
 * redacted a line has the commitment alone; a state that has none for it is withheld whole.
 */
export function writeStates(
  sqlite: Database,
  { filter, size, redacted }: StatesToWrite,
  write: (line: string) => void,
): WrittenStates {
  const prover = createProver(tileStore(sqlite).read, size);
  const readPack = createPackReader(sqlite);
  const found: WrittenStates = { states: 0, withheld: 0, outputs: new Set() };
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const rows = sqlite
    .prepare<unknown[], RevisionRow>(
      `SELECT ${REVISION_COLUMNS} FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id WHERE ${sql} ORDER BY r.seq`,
    )
    .iterate(...params);
  for (const row of rows) {
    const pack = readPack(row.pageId);
    const openings: (Opening & { member: CommittedMember })[] = [];
    const entry = revisionEntry(row, pack, pack.states[row.line] ?? '', (opening, member) => {
      // The fingerprint is of the whole reply, and shows nothing to whoever has not that.
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
    else for (const digest of digestsIn(entry, openings)) found.outputs.add(digest);
  }
  return found;
}

/** Whether an entry has a value of a member itself: it is of before there were commitments, or of a form that has none. */
function shows(entry: string, members: readonly CommittedMember[]): boolean {
  return members.some((member) => new RegExp(`"${member}":(?!""|null|\\{"commitment":)`).test(entry));
}

function digestsIn(entry: string, openings: readonly (Opening & { member: CommittedMember })[]): string[] {
  const opened = openings.filter(({ member }) => member === 'Output').map(({ value }) => `"Output":${value}`);
  return [...`${entry} ${opened.join(' ')}`.matchAll(OUTPUT)].map(([, digest = '']) => digest);
}
