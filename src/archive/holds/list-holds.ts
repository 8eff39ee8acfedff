import type { Database } from 'better-sqlite3';
import { isHeld } from '../prune/prunable.ts';

/**
 * A hold in the form that is shown. A member is null if the hold does not limit it, or if the hold is not released yet.
 */
export interface Hold {
  id: number;
  accountId: string | null;
  region: string | null;
  commandId: string | null;
  instanceId: string | null;
  fromAt: string | null;
  toAt: string | null;
  reason: string;
  placedBy: string;
  placedAt: string;
  releaseReason: string | null;
  releasedBy: string | null;
  releasedAt: string | null;
}

/** All holds that were ever placed, the newest first. */
export function listHolds(sqlite: Database): Hold[] {
  return sqlite
    .prepare<[], Hold>(
      `SELECT id, account_id AS accountId, region, command_id AS commandId, instance_id AS instanceId, from_at AS fromAt, to_at AS toAt,
         reason, placed_by AS placedBy, placed_at AS placedAt, release_reason AS releaseReason, released_by AS releasedBy,
         released_at AS releasedAt FROM main.holds ORDER BY id DESC`,
    )
    .all();
}

/** How many invocations of the file one hold protects from pruning. Reads all of them. */
export function countHeldBy(sqlite: Database, id: number): number {
  return Number(
    sqlite
      .prepare(`SELECT count(*) FROM main.invocations i WHERE ${isHeld('i', 'AND h.id = ?')}`)
      .pluck()
      .get(id),
  );
}

/** How many invocations of the file cannot be pruned now. Reads all of them. */
export function countHeld(sqlite: Database): number {
  return Number(
    sqlite
      .prepare(`SELECT count(*) FROM main.invocations i WHERE ${isHeld('i')}`)
      .pluck()
      .get(),
  );
}
