import type { Database } from 'better-sqlite3';

/** A witness's cosignature of a checkpoint. */
export interface Cosignature {
  /** The size of the checkpoint. */
  size: number;
  /** The name of the witness's key. */
  witness: string;
  /** The witness's line of the note, without the line end. */
  signature: string;
}

/**
 * Stores a verified cosignature. Throws SQLite's error if the archive already has that witness's cosignature of the
 * checkpoint: a stored one is never replaced.
 */
export function keepCosignature(sqlite: Database, { size, witness, signature }: Cosignature): void {
  sqlite
    .prepare('INSERT INTO ledger_cosignatures (size, witness, signature) VALUES (?, ?, ?)')
    .run(size, witness, signature);
}
