import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { NotInTree } from '../../ledger/tree/create-prover.ts';
import { cosignedNote } from './cosigned-note.ts';
import { newestCheckpoint } from './make-checkpoint.ts';

/**
 * The size to use: the given size; without one, the newest checkpoint's; without a checkpoint, the size of the whole
 * ledger. Throws NotInTree if the ledger does not have that size yet.
 */
export function treeSize(sqlite: Database, given: number | undefined): number {
  const leaves = tileStore(sqlite).size();
  const size = given ?? newestCheckpoint(sqlite)?.size ?? leaves;
  if (size > leaves) throw new NotInTree(`The ledger has only ${leaves} leaves, not ${size}`);
  return size;
}

/** The checkpoint that was signed at exactly this size, in its published form; undefined if there is none. */
export function checkpointOf(sqlite: Database, size: number): string | undefined {
  const made = prepareOnce<[number], { size: number; note: string }>(
    sqlite,
    'SELECT size, note FROM ledger_checkpoints WHERE size = ?',
  ).get(size);
  return made && cosignedNote(sqlite, made);
}
