import type { Database } from 'better-sqlite3';
import type { OpenFilter } from '../../questions/filters.ts';
import { type KnownPlaces, knownPlaces } from './known-places.ts';
import { mayBePruned } from './may-be-pruned.ts';
import type { Configured, OpenValues } from './open-filter.ts';
import { OPEN_FILTERS, OPEN_VALUES } from './open-values.ts';

/** A value that the archive has never seen, with at most three similar values of the archive that may be meant. */
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
 * tombstone or line of archive.yaml. Values that differ only in case are different, as they are for AWS. A value is
 * left out if the archive cannot know whether it has seen it.
 */
export function findNeverSeen(sqlite: Database, values: OpenValues, configured: Configured): NeverSeen[] {
  return findUnseen(sqlite, values, configured).flatMap(({ certainty, ...value }) =>
    certainty === 'never' ? [value] : [],
  );
}

/**
 * Like findNeverSeen, but also returns values that the archive may have seen; `certainty` distinguishes them. It is
 * meant for empty answers: it takes some tenths of a second at most, even in a very large archive.
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
      // A tombstone names every account and region of which it removed something, so the archive has seen this value.
      if (isPruned && isInTombstones) return [];
      const certainty = isPruned ? 'mayBePruned' : isThere === undefined ? 'notKnown' : 'never';
      return [{ filter, value, near: near(look, value), certainty }];
    });
  })();
}
