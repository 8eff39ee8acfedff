import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { NotInTree } from '../../ledger/tree/create-prover.ts';
import { cosignedNote } from './cosigned-note.ts';
import { newestCheckpoint } from './make-checkpoint.ts';

/**
 * The size to use: the given one, or the newest checkpoint's, or the whole ledger. Throws NotInTree if the ledger does
 * not have that size yet.
 */
export function treeSize(sqlite: Database, given: number | undefined): number {
  const leaves = tileStore(sqlite).size();
  const size = given ?? newestCheckpoint(sqlite)?.size ?? leaves;
  if (size > leaves) throw new NotInTree(`The ledger has ${leaves} leaves, and not ${size}`);
  return size;
}

/** The checkpoint that was signed at exactly this size, as it is published. */
export function checkpointOf(sqlite: Database, size: number): string | undefined {
  const made = prepareOnce<[number], { size: number; note: string }>(
    sqlite,
    'SELECT size, note FROM ledger_checkpoints WHERE size = ?',
  ).get(size);
  return made && cosignedNote(sqlite, made);
}
