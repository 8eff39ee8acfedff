import type { Database } from 'better-sqlite3';
import { createBatchReader, type StateBatch } from '../../ledger/entries/create-batch-reader.ts';
import { revisionEntry } from '../../ledger/entries/entries.ts';
import { createLeafReader } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { HASH_BYTES } from '../../ledger/tiles/tiles.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import { createInvocationChecker } from './check-invocation.ts';
import { addFault, type Fault, faultOf } from './fault.ts';
import { fitsTexts } from './leaves/fits-texts.ts';
import { type RevisionRow, readRevisions } from './leaves/read-revisions.ts';
import { createSealedSeqs } from './sealed/sealed-seqs.ts';

export interface LeafRange {
  /** Leaf numbers: `from` is inclusive, `to` is exclusive. */
  from: number;
  to: number;
}

export interface VerifiedLeaves {
  /** The hashes of the leaves in the range, computed from the file's present rows; zeros for leaves whose row is missing. */
  hashes: Buffer;
  faults: Fault[];
  revisions: number;
  /** How many leaves have entries that were pruned. Their hashes are read from the tree. */
  pruned: number;
  /**
   * How many leaves have no row because it may be in the lake. Their hashes are read from the tree: what the lake has is
   * not read here.
   */
  sealed: number;
  /** How many states there are in the batches that begin in the range. */
  batchStates: number;
  /** SHA-256 of all outputs that the states name, without repeats. */
  outputs: Buffer;
}

/**
 * Computes the hashes of a range of leaves from the file's present rows. Also compares rows with states: the columns of
 * each revision, and for an invocation's last revision also the invocation and its steps. Only reads.
 */
export function verifyLeaves(
  sqlite: Database,
  { from, to }: LeafRange,
  onLeaves?: (count: number) => void,
): VerifiedLeaves {
  const found: VerifiedLeaves = {
    hashes: Buffer.alloc((to - from) * HASH_BYTES),
    faults: [],
    revisions: 0,
    pruned: 0,
    sealed: 0,
    batchStates: 0,
    outputs: Buffer.alloc(0),
  };
  const outputs = new Set<string>();
  const readBatch = createBatchReader(sqlite);
  const checkInvocation = createInvocationChecker(sqlite);
  const hasRow = new Uint8Array(to - from);
  const set = (seq: number, entry: string | Buffer) =>
    hashLeaf(entry).copy(found.hashes, (seq - 1 - from) * HASH_BYTES);
  const takeFromTree = (seq: number) => hashOf(seq - 1).copy(found.hashes, (seq - 1 - from) * HASH_BYTES);

  const hashOf = createLeafReader(tileStore(sqlite).read);
  for (const seq of prunedIn(sqlite, 'entries', { from, to })) {
    found.pruned += 1;
    hasRow[seq - 1 - from] = 1;
    takeFromTree(seq);
  }
  const withoutOutputs = new Set(prunedIn(sqlite, 'outputs', { from, to }));
  for (const { seq, entry } of entriesIn(sqlite, from, to)) {
    hasRow[seq - 1 - from] = 1;
    set(seq, entry);
  }

  let previous: RevisionRow | undefined;
  for (const row of readRevisions(sqlite, from, to)) {
    found.revisions += 1;
    hasRow[row.seq - 1 - from] = 1;
    if (found.revisions % 1000 === 0) onLeaves?.(1000);
    const fault = (what: string) => addFault(found.faults, `${nameOf(row)}: ${what}`, row.seq - 1);
    const { accountId } = row;
    if (accountId === null) {
      fault(`its invocation, number ${row.invocationId}, is missing`);
      continue;
    }
    let batch: StateBatch;
    try {
      batch = readBatch(row.batchId);
    } catch (error) {
      fault(error instanceof Error ? error.message : String(error));
      continue;
    }
    const left = batch.states.findIndex((state) => state !== '');
    if (row.line === left) found.batchStates += batch.states.filter((state) => state !== '').length;
    if (previous !== undefined && !isAfter(previous, row))
      fault(`it is line ${row.line} of state batch ${row.batchId}, which is out of order`);
    previous = row;
    const state = batch.states[row.line];
    if (state === undefined || state === '') {
      fault(`state batch ${row.batchId} has no line ${row.line}`);
      continue;
    }
    set(row.seq, revisionEntry({ ...row, accountId }, batch, state));
    const isWithoutOutputs = withoutOutputs.has(row.seq);
    try {
      if (!isWithoutOutputs && fitsTexts(row, state, outputs)) continue;
      checkInvocation({ ...row, isWithoutOutputs }, state, { outputs, fault });
    } catch (error) {
      // ssm-archive never writes a state that can't be checked. Its leaf is still compared with the tree, like all
      // others.
      fault(faultOf(error).what);
    }
  }
  onLeaves?.(found.revisions % 1000);
  const isSealed = createSealedSeqs(sqlite);
  for (let seq = from + 1; seq <= to; seq++) {
    if (hasRow[seq - 1 - from] === 1 || !isSealed(seq)) continue;
    found.sealed += 1;
    takeFromTree(seq);
  }
  found.outputs = Buffer.from([...outputs].join(''), 'hex');
  return found;
}

/** The states of a batch follow each other in the order of their revisions. States in between may have been pruned. */
function isAfter(previous: RevisionRow, row: RevisionRow): boolean {
  const begin = row.seq - row.line;
  return row.batchId === previous.batchId ? begin === previous.seq - previous.line : begin > previous.seq;
}

/** The `seq`s of the pruned entries in a range, without repeats. */
function prunedIn(sqlite: Database, what: 'entries' | 'outputs', { from, to }: LeafRange): number[] {
  const ranges = sqlite
    .prepare<[string, number, number], { fromSeq: number; toSeq: number }>(
      'SELECT from_seq AS fromSeq, to_seq AS toSeq FROM main.pruned_leaves WHERE what = ? AND from_seq <= ? AND to_seq > ?',
    )
    .all(what, to, from);
  const seqs = ranges.flatMap(({ fromSeq, toSeq }) => {
    const first = Math.max(fromSeq, from + 1);
    return Array.from({ length: Math.max(0, Math.min(toSeq, to) - first + 1) }, (_, n) => first + n);
  });
  return [...new Set(seqs)];
}

function nameOf({ seq, accountId, region, commandId, instanceId, observedAt }: RevisionRow): string {
  const of = accountId === null ? '' : ` of ${accountId}, ${region}, command ${commandId} on ${instanceId},`;
  return `revision ${seq}${of} observed at ${observedAt}`;
}

/** Entries as bytes, because the bytes are hashed. As text, bytes that are not UTF-8 would read as other bytes. */
function entriesIn(sqlite: Database, from: number, to: number): IterableIterator<{ seq: number; entry: Buffer }> {
  return sqlite
    .prepare<[number, number], { seq: number; entry: Buffer }>(
      'SELECT seq, CAST(entry_json AS BLOB) AS entry FROM main.ledger_entries WHERE seq > ? AND seq <= ? ORDER BY seq',
    )
    .iterate(from, to);
}
