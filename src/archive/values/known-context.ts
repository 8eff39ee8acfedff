import type { Database } from 'better-sqlite3';
import type { ReadingContext } from '../../questions/reading.ts';
import { knownPlaces } from './known-places.ts';
import type { Configured } from './open-filter.ts';
import { statusValues } from './status-values.ts';

/**
 * What is needed to judge a value with a wrong form, or a status that AWS does not list. It is looked up only for such
 * a value.
 */
export function knownContext(sqlite: Database, configured: Configured): Omit<ReadingContext, 'now'> {
  return {
    statuses: () => statusValues(sqlite),
    accounts: () => knownPlaces(sqlite, configured).accounts,
    regions: () => knownPlaces(sqlite, configured).regions,
  };
}
