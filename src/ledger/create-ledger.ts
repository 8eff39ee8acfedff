import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../db/prepare-once.ts';
import { tileStore } from './tiles/tile-store.ts';
import { appendLeaves } from './tree/append-leaves.ts';
import { hashLeaf } from './tree/hash-leaf.ts';

/**
 * The number of the file's revisions and entries does not match its tiles: some program wrote rows without tiles, or
 * tiles without rows.
 */
export class LedgerTorn extends Error {
  override name = 'LedgerTorn';

  constructor(leaves: number, seq: number) {
    super(
      `The archive's ledger has ${leaves} leaves, but its last revision or entry is number ${seq}. Nothing is added to it; run "ssm-archive verify" to see what is wrong.`,
    );
  }
}

/**
 * The writing side of the archive's ledger. Its functions run in the transaction that writes the rows of the entries.
 */
export interface Ledger {
  /**
   * Returns the seq of the next entry, which is its leaf number plus one. Revisions and `ledger_entries` share these
   * numbers.
   */
  nextSeq(): number;
  /** Adds the entries of revisions. Their rows already have the seqs from `nextSeq()` on. */
  addRevisions(entries: readonly string[]): void;
  /** Adds other entries and their rows. Each is canonical JSON. */
  add(kind: string, entries: readonly string[]): void;
}

/**
 * Returns the ledger of this connection's file. Throws LedgerTorn, before anything is written, if nothing can be added
 * to it.
 */
export function createLedger(sqlite: Database): Ledger {
  const tiles = tileStore(sqlite);
  const lastSeq = prepareOnce<[], { seq: number }>(
    sqlite,
    `SELECT max(coalesce((SELECT max(seq) FROM main.revisions), 0), coalesce((SELECT max(seq) FROM main.ledger_entries), 0)) AS seq`,
  );
  const insert = prepareOnce<unknown[], never>(
    sqlite,
    'INSERT INTO ledger_entries (seq, kind, entry_json) VALUES (?, ?, ?)',
  );

  function sizeNow(): number {
    const size = tiles.size();
    const seq = lastSeq.get()?.seq ?? 0;
    if (size !== seq) throw new LedgerTorn(size, seq);
    return size;
  }

  function append(size: number, entries: readonly string[]): void {
    appendLeaves(tiles, size, entries.map(hashLeaf));
  }

  return {
    nextSeq: () => sizeNow() + 1,
    addRevisions(entries) {
      append(tiles.size(), entries);
      sizeNow();
    },
    add(kind, entries) {
      if (entries.length === 0) return;
      const size = sizeNow();
      entries.forEach((entry, n) => {
        insert.run(size + n + 1, kind, entry);
      });
      append(size, entries);
    },
  };
}
