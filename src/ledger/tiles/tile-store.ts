import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { HASH_BYTES, type ReadTile, TILE_WIDTH, type WriteTile } from './tiles.ts';

/** The tiles of the archive's ledger, as they are stored in their table. */
export interface TileStore {
  read: ReadTile;
  write: WriteTile;
  /** Returns the number of leaves. */
  size(): number;
}

/**
 * Returns the table `ledger_tiles` as tiles. Functions that write run in the transaction that writes the leaves' rows.
 */
export function tileStore(sqlite: Database): TileStore {
  const read = prepareOnce<[number, number], { hashes: Buffer }>(
    sqlite,
    'SELECT hashes FROM main.ledger_tiles WHERE level = ? AND number = ?',
  );
  const last = prepareOnce<[], { number: number; bytes: number }>(
    sqlite,
    'SELECT number, length(hashes) AS bytes FROM main.ledger_tiles WHERE level = 0 ORDER BY number DESC LIMIT 1',
  );
  return {
    read: (level, index) => read.get(level, index)?.hashes,
    write(level, index, hashes) {
      const grown = prepareOnce<unknown[], never>(
        sqlite,
        'UPDATE ledger_tiles SET hashes = ? WHERE level = ? AND number = ?',
      ).run(hashes, level, index);
      if (grown.changes > 0) return;
      prepareOnce<unknown[], never>(sqlite, 'INSERT INTO ledger_tiles (level, number, hashes) VALUES (?, ?, ?)').run(
        level,
        index,
        hashes,
      );
    },
    size() {
      const tile = last.get();
      return tile ? tile.number * TILE_WIDTH + tile.bytes / HASH_BYTES : 0;
    },
  };
}
