import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/** A checkpoint's note with the lines of its witnesses behind the archive's own signature. None is verified by this. */
export function cosignedNote(sqlite: Database, { size, note }: { size: number; note: string }): string {
  const lines = prepareOnce<[number], { signature: string }>(
    sqlite,
    'SELECT signature FROM ledger_cosignatures WHERE size = ? ORDER BY witness',
  ).all(size);
  return note + lines.map(({ signature }) => `${signature}\n`).join('');
}
