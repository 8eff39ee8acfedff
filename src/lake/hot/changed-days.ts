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
 * Returns the days of which something has changed since a copy of this archive was made, after which nothing was pruned.
 * Each change of an invocation is a leaf of the ledger, and so is each full output. A removal changes how many
 * invocations there are.
 */
export function changedDays(sqlite: Database, before: HotCopy, counts: ReadonlyMap<string, number>): Set<string> {
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

/**
 * Whether an archive is the one of which a copy was made, and nothing was pruned since. The copy of another one is of no
 * use, and in one from before a prune is what was to be forgotten.
 */
export function isCopyOf(sqlite: Database, copy: HotCopy): boolean {
  if (copy.lastLeaf !== leafBefore(sqlite, copy.treeSize)) return false;
  const pruned = sqlite.prepare<[number], unknown>(
    "SELECT 1 FROM main.ledger_entries WHERE seq >= ? AND kind = 'pruned' LIMIT 1",
  );
  return pruned.get(copy.treeSize) === undefined;
}

/** Returns the hash of the last leaf of a tree of this size, in hex; empty if the ledger does not have it. */
export function leafBefore(sqlite: Database, treeSize: number): string {
  if (treeSize === 0) return '';
  const at = treeSize - 1;
  const tile = tileStore(sqlite).read(0, Math.floor(at / TILE_WIDTH));
  const from = (at % TILE_WIDTH) * HASH_BYTES;
  return tile ? Buffer.from(tile.subarray(from, from + HASH_BYTES)).toString('hex') : '';
}
