import { hash } from 'node:crypto';
import { HASH_BYTES, type ReadTile, TILE_HEIGHT, TILE_WIDTH, TileUnfit } from '../tiles/tiles.ts';
import { hashChildren } from './hash-children.ts';

/** The most tiles whose nodes are kept; each takes about 40 KB once all of its nodes were used. */
const MOST_TILES = 256;

/**
 * A tile's nodes by place: 1 is the root, the children of `place` are 2 × place and 2 × place + 1, and the places from
 * 256 on are the tile's stored hashes. Nodes are computed when they are needed.
 */
interface Tile {
  hashes: Uint8Array;
  nodes: (Buffer | undefined)[];
}

/**
 * Returns the nodes of a tree that is stored as tiles. It keeps nodes of the recently used tiles, so many proofs near
 * each other are cheap. If the tree has grown, call this again.
 */
export function createTreeNodes(read: ReadTile) {
  const tiles = new Map<string, Tile>();

  function tileOf(level: number, index: number, needed: number): Tile {
    const key = `${level}/${index}`;
    const tile = tiles.get(key) ?? { hashes: read(level, index) ?? Buffer.alloc(0), nodes: [] };
    if (tile.hashes.length < needed * HASH_BYTES) throw new TileUnfit(level, index, tile.hashes.length, needed);
    tiles.delete(key);
    tiles.set(key, tile);
    const [oldest] = tiles.keys();
    if (oldest !== undefined && tiles.size > MOST_TILES) tiles.delete(oldest);
    return tile;
  }

  /**
   * Returns the root of the perfect subtree over the 2^height leaves from `from` on; `from` is a multiple of that
   * number.
   */
  function perfect(height: number, from: number): Buffer {
    const level = Math.floor(height / TILE_HEIGHT);
    const within = height % TILE_HEIGHT;
    const first = from / TILE_WIDTH ** level;
    const offset = first % TILE_WIDTH;
    const tile = tileOf(level, Math.floor(first / TILE_WIDTH), offset + 2 ** within);
    return nodeAt(tile, (TILE_WIDTH + offset) / 2 ** within);
  }

  /**
   * Returns the Merkle tree hash of the leaves [from, to), RFC 9162 section 2.1.1. `from` must be 0 or a multiple of
   * the largest power of two below their number, as in all ranges of the RFC's proofs.
   */
  function range(from: number, to: number): Buffer {
    const count = to - from;
    if (count === 0) return hash('sha256', '', 'buffer');
    const left = splitOf(count);
    if (left * 2 === count || count === 1) return perfect(Math.log2(count), from);
    return hashChildren(range(from, from + left), range(from + left, to));
  }

  return { range };
}

/** Returns the largest power of two below `count`, at which the RFC splits this many leaves; count > 1. */
export function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function nodeAt(tile: Tile, place: number): Buffer {
  const known = tile.nodes[place];
  if (known) return known;
  const at = (place - TILE_WIDTH) * HASH_BYTES;
  const node =
    place >= TILE_WIDTH
      ? Buffer.from(tile.hashes.subarray(at, at + HASH_BYTES))
      : hashChildren(nodeAt(tile, place * 2), nodeAt(tile, place * 2 + 1));
  tile.nodes[place] = node;
  return node;
}
