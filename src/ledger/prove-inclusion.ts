import { createProver } from './create-prover.ts';
import type { ReadTile } from './tiles.ts';

/**
 * That a leaf is in the tree of the first `size` leaves: PATH(leaf, D[size]) of RFC 6962 section 2.1.1, hashes of 32 bytes
 * from the leaf's sibling up. Throws NotInTree unless 0 <= leaf < size, TileUnfit where tiles are missing or too narrow.
 */
export function proveInclusion(read: ReadTile, leaf: number, size: number): Buffer[] {
  return createProver(read, size).inclusion(leaf);
}
