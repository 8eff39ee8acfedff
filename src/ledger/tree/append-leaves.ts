import { HASH_BYTES, type ReadTile, TILE_WIDTH, TileUnfit, type WriteTile } from '../tiles/tiles.ts';
import { perfectRoot } from './perfect-root.ts';

/**
 * Adds leaves, given by their hashes, to a tree of `size` leaves, and returns its new size. Each changed tile is read
 * at most once and written once. Throws TileUnfit if the tile that would be continued does not match `size`, so that
 * nothing is overwritten. Throws RangeError for an impossible size or hash. The caller's transaction must undo what was
 * written before an error.
 */
export function appendLeaves(
  tiles: { read: ReadTile; write: WriteTile },
  size: number,
  leafHashes: readonly Uint8Array[],
): number {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`A tree can't have the size ${size}`);
  const wrong = leafHashes.find(({ length }) => length !== HASH_BYTES);
  if (wrong) throw new RangeError(`A leaf's hash is ${HASH_BYTES} bytes, not ${wrong.length}`);
  let count = size;
  let added = leafHashes;
  for (let level = 0; added.length > 0; level++) {
    added = appendToLevel(tiles, level, count, added);
    count = Math.floor(count / TILE_WIDTH);
  }
  return size + leafHashes.length;
}

/** Adds hashes after the first `count` of a level; returns the roots of the tiles that became full. */
function appendToLevel(
  { read, write }: { read: ReadTile; write: WriteTile },
  level: number,
  count: number,
  added: readonly Uint8Array[],
): Buffer[] {
  const full: Buffer[] = [];
  for (let from = 0; from < added.length; ) {
    const index = Math.floor((count + from) / TILE_WIDTH);
    const width = (count + from) % TILE_WIDTH;
    const more = added.slice(from, from + TILE_WIDTH - width);
    const before = width > 0 ? [read(level, index) ?? Buffer.alloc(0)] : [];
    if (before[0] && before[0].length !== width * HASH_BYTES) {
      throw new TileUnfit(level, index, before[0].length, width);
    }
    const hashes = Buffer.concat([...before, ...more]);
    write(level, index, hashes);
    if (hashes.length === TILE_WIDTH * HASH_BYTES) full.push(perfectRoot(hashes));
    from += more.length;
  }
  return full;
}
