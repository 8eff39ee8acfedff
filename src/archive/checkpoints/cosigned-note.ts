import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * Returns a checkpoint's note, with the lines of its witnesses after the archive's own signature. Verifies no
 * signature.
 */
export function cosignedNote(sqlite: Database, { size, note }: { size: number; note: string }): string {
  const lines = prepareOnce<[number], { signature: string }>(
    sqlite,
    'SELECT signature FROM ledger_cosignatures WHERE size = ? ORDER BY witness',
  ).all(size);
  return note + lines.map(({ signature }) => `${signature}\n`).join('');
}
