/** Levels of the Merkle tree in a tile (https://c2sp.org/tlog-tiles). */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/**
 * The hashes of a tile so far, concatenated: 32 to 8192 bytes; undefined where there is none. Level 0 holds the leaves'
 * hashes, level L the roots of full tiles of level L-1. A stored tile may be wider than an older size of the tree needs.
 */
export type ReadTile = (level: number, index: number) => Uint8Array | undefined;

/** Keeps a tile in place of a narrower one: all of its hashes, concatenated. */
export type WriteTile = (level: number, index: number, hashes: Buffer) => void;

/** A tile has not the hashes that a tree of this size has: the tiles are damaged, or the size is not theirs. */
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
