/** How many levels of the Merkle tree a tile contains (https://c2sp.org/tlog-tiles). */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/**
 * Returns the present hashes of a tile, concatenated: 32 to 8192 bytes; undefined if there is no such tile. Level 0 has
 * the leaves' hashes, level L the roots of full tiles of level L-1. A stored tile may have more hashes than an older
 * size of the tree needs.
 */
export type ReadTile = (level: number, index: number) => Uint8Array | undefined;

/** Stores a tile with all of its hashes, concatenated, instead of a narrower one. */
export type WriteTile = (level: number, index: number, hashes: Buffer) => void;

/** A tile does not have the hashes that a tree of this size needs: the tiles are damaged, or the size is wrong. */
export class TileUnfit extends Error {
  override name = 'TileUnfit';
  readonly level: number;
  readonly index: number;

  constructor(level: number, index: number, found: number, needed: number) {
    super(`Tile ${index} of level ${level} has ${found / HASH_BYTES} hashes, where there must be ${needed}`);
    this.level = level;
    this.index = index;
  }
}
