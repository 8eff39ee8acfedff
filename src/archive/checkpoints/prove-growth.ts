import type { Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { createProver, NotInTree } from '../../ledger/tree/create-prover.ts';
import { treeRoot } from '../../ledger/tree/tree-root.ts';
import { checkpointOf, treeSize } from './tree-size.ts';

/** A proof that the tree of `to` leaves begins with the tree of `from` leaves: none of these was changed or removed. */
export interface GrowthProof {
  from: number;
  to: number;
  fromRoot: Buffer;
  toRoot: Buffer;
  /** The path of RFC 9162 section 2.1.4; empty if `from` is 0 or equals `to`. */
  proof: Buffer[];
  /** The signed note over the tree of `to` leaves, if there is one. */
  checkpoint: string | undefined;
}

/**
 * Proves that the ledger only grew. If `to` is not given, the newest checkpoint's size is used, or the size of the
 * whole ledger if there is no checkpoint. Throws NotInTree if `from` is larger than that size, or if the ledger is
 * smaller than `to`.
 */
export function proveGrowth(sqlite: Database, { from, to }: { from: number; to?: number | undefined }): GrowthProof {
  return sqlite.transaction((): GrowthProof => {
    const { read } = tileStore(sqlite);
    const size = treeSize(sqlite, to);
    if (from > size) throw new NotInTree(`A tree of ${size} leaves does not contain a tree of ${from} leaves`);
    const prover = createProver(read, size);
    const proof = prover.consistency(from);
    const roots = { fromRoot: treeRoot(read, from), toRoot: prover.root() };
    return { from, to: size, ...roots, proof, checkpoint: checkpointOf(sqlite, size) };
  })();
}
