import type { Database } from 'better-sqlite3';

// Replaces ledger/create-ledger.ts and ledger/entries/entries.ts, so that a benchmark can record without a ledger.

/** Has the signature of createLedger. Makes a ledger that keeps nothing, and only numbers revisions in order. */
export function createLedger(sqlite: Database) {
  const last = sqlite.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM revisions').pluck();
  return { nextSeq: () => (last.get() ?? 0) + 1, addRevisions() {}, add() {} };
}

export function revisionEntry(): string {
  return '';
}

export function batchDigest(): Buffer {
  return Buffer.alloc(0);
}

export function rowEntry(): string {
  return '';
}
