import type { Database } from 'better-sqlite3';
import type { OpenFilter } from '../../questions/filters.ts';
import { type KnownPlaces, knownPlaces } from './known-places.ts';
import { mayBePruned } from './may-be-pruned.ts';
import type { Configured, OpenValues } from './open-filter.ts';
import { OPEN_FILTERS, OPEN_VALUES } from './open-values.ts';

/** A value that the archive has never seen, with at most three that it has and that may be meant. */
export interface NeverSeen {
  filter: OpenFilter;
  value: string;
  near: string[];
}

/** A value that the archive does not have now. */
export interface UnseenValue extends NeverSeen {
  /**
   * Whether the archive never had it. `mayBePruned`: something that was pruned may have had it, and tombstones do not
   * say. `notKnown`: no index has such values, and the archive is too large to read through.
   */
  certainty: 'never' | 'mayBePruned' | 'notKnown';
}

/**
 * The given values that the archive has never seen in any invocation, earlier state, command, pass, coverage, hold,
 * tombstone or line of archive.yaml. Case counts, as it does for AWS. A value is left out if this can't be known.
 */
export function findNeverSeen(sqlite: Database, values: OpenValues, configured: Configured): NeverSeen[] {
  return findUnseen(sqlite, values, configured).flatMap(({ certainty, ...value }) =>
    certainty === 'never' ? [value] : [],
  );
}

/**
 * The same, and also the values for which it can't be known; `certainty` tells them apart. It is made for empty lists:
 * it takes some tenths of a second at most, however large the archive is.
 */
export function findUnseen(sqlite: Database, values: OpenValues, configured: Configured): UnseenValue[] {
  return sqlite.transaction(() => {
    let known: KnownPlaces | undefined;
    const places = () => {
      known ??= knownPlaces(sqlite, configured);
      return known;
    };
    const look = { sqlite, places };
    return OPEN_FILTERS.flatMap((filter): UnseenValue[] => {
      const value = values[filter];
      if (value === undefined || value === '') return [];
      const { has, near, isInTombstones } = OPEN_VALUES[filter];
      const isThere = has(look, value);
      if (isThere === true) return [];
      const isPruned = mayBePruned(sqlite, filter, value);
      // A tombstone says exactly which accounts and regions it stands for.
      if (isPruned && isInTombstones) return [];
      const certainty = isPruned ? 'mayBePruned' : isThere === undefined ? 'notKnown' : 'never';
      return [{ filter, value, near: near(look, value), certainty }];
    });
  })();
}
