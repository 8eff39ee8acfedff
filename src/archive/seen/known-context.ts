import type { Database } from 'better-sqlite3';
import type { ReadingContext } from '../../questions/reading.ts';
import { knownPlaces } from './known-places.ts';
import type { Configured } from './open-filter.ts';
import { statusValues } from './status-values.ts';

/** What the archive knows of values that are none by their form, or by AWS's list; each is looked up for such a value alone. */
export function knownContext(sqlite: Database, configured: Configured): Omit<ReadingContext, 'now'> {
  return {
    statuses: () => statusValues(sqlite),
    accounts: () => knownPlaces(sqlite, configured).accounts,
    regions: () => knownPlaces(sqlite, configured).regions,
  };
}
