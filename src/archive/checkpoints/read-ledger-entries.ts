import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { commandEntry } from '../../ledger/entries/command-entry.ts';
import type { Opening } from '../../ledger/entries/commitments.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { revisionEntry } from '../../ledger/entries/entries.ts';
import { outputEntry } from '../../ledger/entries/output-entry.ts';
import { readCommandState } from '../../ledger/entries/read-command-state.ts';
import { readOutputFacts } from '../../ledger/entries/read-output-facts.ts';
import { REVISION_COLUMNS, type RevisionRow } from '../../ledger/entries/revision-row.ts';
import { createLeafReader } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { TILE_WIDTH } from '../../ledger/tiles/tiles.ts';

/** At most this many entries are read at a time: as many as a tile has. */
export const MOST_ENTRIES = TILE_WIDTH;

/** The archive file has no row for a leaf of its ledger: somebody removed the row. `verify` says what else is wrong. */
export class LedgerEntryMissing extends Error {
  override name = 'LedgerEntryMissing';
}

/** A leaf of the ledger, and its entry. */
export interface LedgerEntry {
  leaf: number;
  /** The seq of the row in `revisions` or `ledger_entries`: the leaf number plus one. */
  seq: number;
  kind: string;
  /**
   * The leaf's hash in the tree: SHA-256 of a zero byte and the entry, unless somebody changed the hash or the entry.
   */
  hash: Buffer;
  /** The exact text whose UTF-8 is hashed, rebuilt from the present rows; null if it was pruned. */
  entry: string | null;
  /** The leaf of the tombstone, if this leaf was pruned; null if not. */
  tombstone: number | null;
  /** The salts and values for the commitments in the entry. */
  openings: Opening[];
}

/**
 * The entries of the leaves from `from` (inclusive) to `to` (exclusive), in order: at most MOST_ENTRIES, and only those
 * that the ledger has. `sealed` has entries by seq that the file does not have, because their rows are in the lake.
 * Throws LedgerEntryMissing if a row is gone, and an error with a sentence if a state batch can't be decoded.
 */
export function readLedgerEntries(
  sqlite: Database,
  range: LeafRange,
  sealed: ReadonlyMap<number, FoundEntry> = new Map(),
): LedgerEntry[] {
  return sqlite.transaction(() => {
    const hashOf = createLeafReader(tileStore(sqlite).read);
    const { from, end } = boundsOf(sqlite, range);
    const entries = entriesOfRows(sqlite, from, end);
    return Array.from({ length: Math.max(0, end - from) }, (_, n): LedgerEntry => {
      const leaf = from + n;
      const seq = leaf + 1;
      const found = entries.get(seq) ?? prunedEntry(sqlite, seq) ?? sealed.get(seq);
      if (!found) throw new LedgerEntryMissing(`The archive has no entry for leaf ${leaf} of its ledger.`);
      return { leaf, seq, tombstone: null, ...found, hash: hashOf(leaf) };
    });
  })();
}

/** Leaf numbers: `from` is inclusive, `to` is exclusive. */
export interface LeafRange {
  from: number;
  to: number;
}

function boundsOf(sqlite: Database, { from, to }: LeafRange): { from: number; end: number } {
  return { from, end: Math.min(to, from + MOST_ENTRIES, tileStore(sqlite).size()) };
}

export type FoundEntry = Pick<LedgerEntry, 'kind' | 'entry' | 'openings'> & { tombstone?: number };
type Found = [seq: number, entry: FoundEntry];

/** The entries of rows that the connection's tables have, by seq. */
export function entriesOfRows(sqlite: Database, from: number, to: number): Map<number, FoundEntry> {
  return new Map([
    ...outputEntries(sqlite, from, to),
    ...otherEntries(sqlite, from, to),
    ...revisionEntries(sqlite, from, to),
  ]);
}

/** The entries of fetched outputs, made again from their rows: those of sealed days have no other row in the file. */
function outputEntries(sqlite: Database, from: number, to: number): Found[] {
  return prepareOnce<[number, number], number>(sqlite, 'SELECT seq FROM full_outputs WHERE seq > ? AND seq <= ?')
    .pluck()
    .all(from, to)
    .flatMap((seq): Found[] => {
      const facts = readOutputFacts(sqlite, seq);
      if (!facts) return [];
      const openings: Opening[] = [];
      const entry = outputEntry(facts, (opening) => openings.push(opening));
      return [[seq, { kind: 'output', entry, openings }]];
    });
}

function prunedEntry(sqlite: Database, seq: number): FoundEntry | undefined {
  const range = prepareOnce<[number], { toSeq: number; tombstoneSeq: number }>(
    sqlite,
    `SELECT to_seq AS toSeq, tombstone_seq AS tombstoneSeq FROM pruned_leaves WHERE what = 'entries' AND from_seq <= ?
      ORDER BY from_seq DESC LIMIT 1`,
  ).get(seq);
  if (!range || range.toSeq < seq) return undefined;
  return { kind: 'pruned', entry: null, openings: [], tombstone: range.tombstoneSeq - 1 };
}

function otherEntries(sqlite: Database, from: number, to: number): Found[] {
  return prepareOnce<[number, number], { seq: number; kind: string; entry: string }>(
    sqlite,
    'SELECT seq, kind, entry_json AS entry FROM ledger_entries WHERE seq > ? AND seq <= ?',
  )
    .all(from, to)
    .map(({ seq, kind, entry }) => [seq, { kind, entry, openings: openingsOf(sqlite, seq, kind) }]);
}

/** The salts and values of the commitments in an entry; none if its row is missing. */
function openingsOf(sqlite: Database, seq: number, kind: string): Opening[] {
  const openings: Opening[] = [];
  const tell = (opening: Opening) => openings.push(opening);
  const command = kind === 'command' ? readCommandState(sqlite, seq) : undefined;
  if (command) commandEntry(command, command.stateJson, tell);
  const output = kind === 'output' ? readOutputFacts(sqlite, seq) : undefined;
  if (output) outputEntry(output, tell);
  return openings;
}

function revisionEntries(sqlite: Database, from: number, to: number): Found[] {
  const readBatch = createBatchReader(sqlite);
  return prepareOnce<[number, number], RevisionRow>(
    sqlite,
    `SELECT ${REVISION_COLUMNS} FROM revisions r JOIN invocations i ON i.id = r.invocation_id WHERE r.seq > ? AND r.seq <= ? ORDER BY r.seq`,
  )
    .all(from, to)
    .flatMap((row): Found[] => {
      const batch = readBatch(row.batchId);
      const state = batch.states[row.line];
      if (state === undefined) return [];
      const openings: Opening[] = [];
      const entry = revisionEntry(row, batch, state, (opening) => openings.push(opening));
      return [[row.seq, { kind: 'revision', entry, openings }]];
    });
}
