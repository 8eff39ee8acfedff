import type { Database } from 'better-sqlite3';
import { batchDigest } from '../../ledger/entries/entries.ts';
import { digestOfLeaves, Tombstone } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { addFault, type Fault } from './fault.ts';

type Range = [what: string, fromSeq: number, toSeq: number, tombstoneSeq: number];

/**
 * Compares what was pruned with the tombstones in the ledger. `pruned_leaves` and `pruned_pages` must have exactly the
 * rows that the tombstones name, the entries that a tombstone buries must be gone, its hashes must match the tree, and
 * state batches must be as pruning left them, unless more states have gone to the lake since. Each state that is left
 * in a batch is compared with its leaf in any case.
 */
export function checkTombstones(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const { read } = tileStore(sqlite);
  const said = new Set<string>();
  const batches = new Map<number, [original: string, present: string | null]>();
  for (const { seq, tombstone } of tombstonesOf(sqlite)) {
    const name = `tombstone ${seq}`;
    const leaf = seq - 1;
    if (tombstone.seqs.some(([from, to], n) => from > to || from <= (tombstone.seqs[n - 1]?.[1] ?? 0) || to >= seq)) {
      addFault(faults, `${name} names leaves out of order, or leaves after the tombstone itself`, leaf);
      continue;
    }
    if (digestOfLeaves(read, tombstone.seqs) !== tombstone.hashes)
      addFault(faults, `the hashes of the leaves that ${name} buries differ from the hashes that it names`, leaf);
    for (const [from, to] of tombstone.seqs) {
      const range: Range = [tombstone.what, from, to, seq];
      said.add(JSON.stringify(range));
      if (tombstone.what === 'entries') checkGone(sqlite, { from, to }, name, faults);
    }
    for (const [id, original, present] of tombstone.pages) {
      const before = batches.get(id);
      if (before && before[0] !== original)
        addFault(faults, `${name} names another original for state batch ${id} than an earlier tombstone does`, leaf);
      batches.set(id, [original, present]);
    }
  }
  checkRanges(sqlite, said, faults);
  checkBatches(sqlite, batches, faults);
  return faults;
}

function* tombstonesOf(sqlite: Database): Generator<{ seq: number; tombstone: Tombstone }> {
  const entries = sqlite
    .prepare<[], { seq: number; entry: string }>(
      "SELECT seq, entry_json AS entry FROM main.ledger_entries WHERE kind = 'pruned' AND json_valid(entry_json) ORDER BY seq",
    )
    .iterate();
  for (const { seq, entry } of entries) {
    // Skip an entry that is not a tombstone: checkRows reports it.
    const tombstone = Tombstone.safeParse(JSON.parse(entry)).data;
    if (tombstone) yield { seq, tombstone };
  }
}

function checkGone(sqlite: Database, { from, to }: { from: number; to: number }, name: string, faults: Fault[]): void {
  for (const table of ['revisions', 'ledger_entries', 'full_outputs']) {
    const left = sqlite
      .prepare<[number, number], number>(`SELECT seq FROM main.${table} WHERE seq BETWEEN ? AND ? LIMIT 1`)
      .pluck()
      .get(from, to);
    if (left !== undefined)
      addFault(faults, `row ${left} of ${table} exists, but ${name} says that it was pruned`, left - 1);
  }
}

function checkRanges(sqlite: Database, said: Set<string>, faults: Fault[]): void {
  const rows = sqlite
    .prepare<[], Range>('SELECT what, from_seq, to_seq, tombstone_seq FROM main.pruned_leaves')
    .raw()
    .all();
  for (const row of rows) {
    if (!said.delete(JSON.stringify(row)))
      addFault(faults, `pruned_leaves has ${row[0]} ${row[1]} to ${row[2]}, which no tombstone names`, row[1] - 1);
  }
  for (const range of said) addFault(faults, `pruned_leaves lacks ${range}, which a tombstone names`);
}

function checkBatches(
  sqlite: Database,
  batches: ReadonlyMap<number, readonly [string, string | null]>,
  faults: Fault[],
): void {
  const rows = new Map(
    sqlite
      .prepare<[], [number, Buffer]>('SELECT page_id, original_sha256 FROM main.pruned_pages')
      .raw()
      .all()
      .map(([id, original]) => [id, original.toString('hex')]),
  );
  for (const id of rows.keys())
    if (!batches.has(id)) addFault(faults, `pruned_pages has state batch ${id}, which no tombstone names`);
  const batchOf = sqlite.prepare<[number], { states: Buffer; salt: Buffer | null }>(
    'SELECT states, salt FROM main.revision_pages WHERE id = ?',
  );
  const hasSealed = sqlite.prepare('SELECT 1 FROM main.sealed_days LIMIT 1').get() !== undefined;
  for (const [id, [original, present]] of batches) {
    if (rows.get(id) !== original)
      addFault(faults, `pruned_pages lacks state batch ${id}, or differs from its tombstone`);
    const batch = batchOf.get(id);
    const digest = batch ? batchDigest(batch.states, batch.salt).toString('hex') : null;
    if (digest !== present && !hasSealed) addFault(faults, `state batch ${id} differs from what pruning left`);
  }
}
