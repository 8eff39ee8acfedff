import { createProver } from './create-prover.ts';
import type { ReadTile } from './tiles.ts';

/**
 * That the tree of `to` leaves begins with the tree of `from`: PROOF(from, D[to]) of RFC 6962 section 2.1.2, hashes of 32
 * bytes. Empty from 0 and from the same size. Throws NotInTree unless 0 <= from <= to, TileUnfit where tiles are missing
 * or too narrow.
 */
export function proveConsistency(read: ReadTile, from: number, to: number): Buffer[] {
  return createProver(read, to).consistency(from);
}
