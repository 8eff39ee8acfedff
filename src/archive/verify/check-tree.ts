import type { Database } from 'better-sqlite3';
import { HASH_BYTES, TILE_WIDTH } from '../../ledger/tiles/tiles.ts';
import { perfectRoot } from '../../ledger/tree/perfect-root.ts';
import { addFault, type Fault } from './fault.ts';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/**
 * Compares `ledger_tiles` with the leaves' hashes that were computed from the file: every tile of every level must
 * match, and there may be no extra tile. Names the leaves that do not match.
 */
export function checkTiles(sqlite: Database, leafHashes: Buffer, nameOfLeaf: (leaf: number) => string): Fault[] {
  const faults: Fault[] = [];
  const read = sqlite.prepare<[number, number], { hashes: Buffer }>(
    'SELECT hashes FROM main.ledger_tiles WHERE level = ? AND number = ?',
  );
  let hashes = leafHashes;
  let tiles = 0;
  for (let level = 0; hashes.length > 0; level++) {
    const above: Buffer[] = [];
    for (let number = 0; number * TILE_BYTES < hashes.length; number++) {
      const expected = hashes.subarray(number * TILE_BYTES, (number + 1) * TILE_BYTES);
      const kept = read.get(level, number)?.hashes;
      tiles += 1;
      if (!kept) addFault(faults, `tile ${number} of level ${level} of the ledger is missing`);
      else if (!kept.equals(expected)) tellDifferences(faults, { level, number, kept, expected }, nameOfLeaf);
      if (expected.length === TILE_BYTES) above.push(perfectRoot(expected));
    }
    hashes = Buffer.concat(above);
  }
  const found = Number(sqlite.prepare('SELECT count(*) FROM main.ledger_tiles').pluck().get());
  if (found > tiles) addFault(faults, `the ledger has ${found - tiles} extra tiles`);
  return faults;
}

interface Tile {
  level: number;
  number: number;
  kept: Buffer;
  expected: Buffer;
}

function tellDifferences(
  faults: Fault[],
  { level, number, kept, expected }: Tile,
  nameOfLeaf: (leaf: number) => string,
): void {
  if (level > 0 || kept.length !== expected.length) {
    addFault(faults, `tile ${number} of level ${level} of the ledger does not match the leaves below it`);
    return;
  }
  for (let n = 0; n < expected.length / HASH_BYTES; n++) {
    const at = n * HASH_BYTES;
    if (kept.compare(expected, at, at + HASH_BYTES, at, at + HASH_BYTES) === 0) continue;
    const leaf = number * TILE_WIDTH + n;
    addFault(
      faults,
      `${nameOfLeaf(leaf)} does not match leaf ${leaf} of the ledger: the row or the tile was changed`,
      leaf,
    );
  }
}
