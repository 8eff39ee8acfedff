import type { Database } from 'better-sqlite3';

/** What a witness signed under a checkpoint. */
export interface Cosignature {
  /** The checkpoint's. */
  size: number;
  /** The name of the witness's key. */
  witness: string;
  /** Its line of the note, without the line's end. */
  signature: string;
}

/** Keeps a cosignature that was verified. Throws SQLite's error where that witness's is there already: none is ever replaced. */
export function keepCosignature(sqlite: Database, { size, witness, signature }: Cosignature): void {
  sqlite
    .prepare('INSERT INTO ledger_cosignatures (size, witness, signature) VALUES (?, ?, ?)')
    .run(size, witness, signature);
}
