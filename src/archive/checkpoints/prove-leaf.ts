import type { Database } from 'better-sqlite3';
import { createLeafReader } from '../../ledger/entries/tombstone.ts';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { createProver } from '../../ledger/tree/create-prover.ts';
import { checkpointOf, treeSize } from './tree-size.ts';

/** A proof that a leaf is in the tree of `size` leaves. Hashes have 32 bytes. */
export interface LeafProof {
  leaf: number;
  size: number;
  leafHash: Buffer;
  root: Buffer;
  /** The hashes from the leaf's sibling up to the root (RFC 9162 section 2.1.3). */
  proof: Buffer[];
  /** The signed note over exactly this root, if there is one. */
  checkpoint: string | undefined;
}

/**
 * Proves a leaf. If no size is given, the newest checkpoint's size is used, or the size of the whole ledger if there is
 * no checkpoint. Throws NotInTree if the ledger has no such leaf or size.
 */
export function proveLeaf(sqlite: Database, { leaf, size }: { leaf: number; size?: number | undefined }): LeafProof {
  return sqlite.transaction((): LeafProof => {
    const { read } = tileStore(sqlite);
    const of = treeSize(sqlite, size);
    const prover = createProver(read, of);
    const proof = prover.inclusion(leaf);
    return {
      leaf,
      size: of,
      leafHash: createLeafReader(read)(leaf),
      root: prover.root(),
      proof,
      checkpoint: checkpointOf(sqlite, of),
    };
  })();
}
