import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { InvocationPosition } from '../invocations/find-invocations.ts';
import type { ListingQuery, Position } from '../invocations/list-invocations.ts';
import { readFloor } from '../sealed/read-floor.ts';

/**
 * Whether a page that was read from the archive's file alone has no place for a row of a sealed day: there is no sealed
 * day, or the page goes on above all of them.
 */
export function isWholeHere(
  sqlite: Database,
  { sort, isDescending, asOf, filter }: Pick<ListingQuery, 'sort' | 'isDescending' | 'asOf' | 'filter'>,
  next: Position | InvocationPosition | undefined,
): boolean {
  const floor = readFloor(sqlite);
  if (floor === undefined) return true;
  if (asOf !== undefined) return false;
  if (sort === 'requestedAt') {
    if (filter.requestedAfter !== undefined && filter.requestedAfter >= floor) return true;
    return isDescending && typeof next?.[0] === 'string' && next[0] >= floor;
  }
  const last = prepareOnce<[], string | null>(sqlite, 'SELECT max(last_changed_at) FROM main.sealed_days')
    .pluck()
    .get();
  return isDescending && typeof next?.[0] === 'string' && typeof last === 'string' && next[0] > last;
}
