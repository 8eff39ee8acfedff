import type { Database } from 'better-sqlite3';
import { dayAfter } from '../../lib/time.ts';
import { readFloor } from '../sealed/read-floor.ts';
import { readSealedDays } from '../sealed/read-sealed-days.ts';
import type { PruneSelection } from './prunable.ts';

/**
 * Returns the first day that is not sealed if a selection asks for days before it that are in the lake: what they have
 * is not found in the file. Null if it asks for no such day.
 */
export function sealedBefore(
  sqlite: Database,
  { requestedAfter = '', requestedBefore = '9999' }: PruneSelection,
): string | null {
  const isAsked = readSealedDays(sqlite).some(
    ({ day }) => `${dayAfter(day)}T00:00:00.000Z` > requestedAfter && `${day}T00:00:00.000Z` < requestedBefore,
  );
  return isAsked ? (readFloor(sqlite) ?? null) : null;
}
