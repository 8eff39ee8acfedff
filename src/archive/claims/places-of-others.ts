import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** An account and region of which another archive has all in the lake, or the days before one. */
export interface PlaceOfOther extends SourceKey {
  /** The number of the archive that has it; this archive's own if it has released it. */
  archive: number;
  /** Only what was requested before this day is the other's; null if all is. */
  beforeDay: string | null;
}

/** Returns what the lake said last about places that this archive does not own, or not from their beginning on. */
export function listPlacesOfOthers(sqlite: Database): PlaceOfOther[] {
  return prepareOnce<[], PlaceOfOther>(
    sqlite,
    `SELECT account_id AS accountId, region, archive, before_day AS beforeDay FROM main.places_of_others ORDER BY 1, 2`,
  ).all();
}

/** Keeps what the lake says now, instead of what it said before. */
export function replacePlacesOfOthers(sqlite: Database, places: readonly PlaceOfOther[], seenAt: string): void {
  sqlite
    .transaction(() => {
      sqlite.prepare('DELETE FROM places_of_others').run();
      for (const place of places) notePlaceOfOther(sqlite, place, seenAt);
    })
    .immediate();
}

/** Keeps what the lake says of one account and region. */
export function notePlaceOfOther(sqlite: Database, place: PlaceOfOther, seenAt: string): void {
  prepareOnce<[object], never>(
    sqlite,
    `INSERT INTO places_of_others (account_id, region, archive, before_day, seen_at)
       VALUES (:accountId, :region, :archive, :beforeDay, :seenAt)
       ON CONFLICT DO UPDATE SET (archive, before_day, seen_at) = (excluded.archive, excluded.before_day, excluded.seen_at)`,
  ).run({ ...place, seenAt });
}
