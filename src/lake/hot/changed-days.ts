import type { Database } from 'better-sqlite3';
import { tileStore } from '../../ledger/tiles/tile-store.ts';
import { HASH_BYTES, TILE_WIDTH } from '../../ledger/tiles/tiles.ts';
import type { HotCopy } from './hot-copy.ts';

/** How many invocations of each day the archive itself has; the day is empty for those without a time of request. */
export function countDays(sqlite: Database): Map<string, number> {
  return new Map(
    sqlite
      .prepare<[], [string, number]>(
        `SELECT coalesce(substr(requested_at, 1, 10), '') AS day, count(*) FROM main.invocations
          GROUP BY day ORDER BY day`,
      )
      .raw()
      .all(),
  );
}

/**
 * Returns the days of which something has changed since a copy was made; undefined if everything must be copied again.
 * Each change of an invocation is a leaf of the ledger, and so is each full output. A removal changes how many
 * invocations there are, or is a tombstone.
 */
export function changedDays(
  sqlite: Database,
  before: HotCopy,
  counts: ReadonlyMap<string, number>,
): Set<string> | undefined {
  if (before.lastLeaf !== leafBefore(sqlite, before.treeSize)) return undefined;
  const isPruned = sqlite
    .prepare<[number], unknown>("SELECT 1 FROM main.ledger_entries WHERE seq >= ? AND kind = 'pruned' LIMIT 1")
    .get(before.treeSize);
  if (isPruned) return undefined;
  const changed = new Set(
    sqlite
      .prepare<[number, number], string>(
        `SELECT DISTINCT coalesce(substr(i.requested_at, 1, 10), '') FROM main.invocations i WHERE i.id IN (
           SELECT invocation_id FROM main.revisions WHERE seq >= ?
           UNION SELECT invocation_id FROM main.full_outputs WHERE seq >= ?)`,
      )
      .pluck()
      .all(before.treeSize, before.treeSize),
  );
  const had = new Map(before.days.map(({ day, invocations }) => [day, invocations]));
  for (const [day, count] of counts) if (had.get(day) !== count) changed.add(day);
  return changed;
}

/** Returns the hash of the last leaf of a tree of this size, in hex; empty if the ledger does not have it. */
export function leafBefore(sqlite: Database, treeSize: number): string {
  if (treeSize === 0) return '';
  const at = treeSize - 1;
  const tile = tileStore(sqlite).read(0, Math.floor(at / TILE_WIDTH));
  const from = (at % TILE_WIDTH) * HASH_BYTES;
  return tile ? Buffer.from(tile.subarray(from, from + HASH_BYTES)).toString('hex') : '';
}
