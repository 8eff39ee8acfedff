import type { ReadTile } from '../tiles/tiles.ts';
import { createTreeNodes } from './tree-nodes.ts';

/**
 * Returns the Merkle tree hash of the first `size` leaves, RFC 9162 section 2.1.1, 32 bytes. It reads one tile per
 * level. For size 0 it is the SHA-256 of nothing. Throws TileUnfit if tiles are missing or too narrow; RangeError for
 * an impossible size.
 */
export function treeRoot(read: ReadTile, size: number): Buffer {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`A tree can't have the size ${size}`);
  return createTreeNodes(read).range(0, size);
}
