import { knownPlaces } from '../../archive/seen/known-places.ts';
import { statusValues } from '../../archive/seen/status-values.ts';
import type { Config } from '../../config/config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import { UserFault } from '../../lib/user-fault.ts';
import type { ReadingContext } from '../../questions/reading.ts';
import { configuredPlaces } from '../../upstream/configured-sources.ts';

/**
 * What options are read by. The archive is opened for a value alone that is none by itself: for its own statuses, and for the accounts
 * and regions that may have been meant.
 */
export function readingContext({ db, sources }: Pick<Config, 'db' | 'sources'>, now: Date): ReadingContext {
  const configured = configuredPlaces(sources);
  const inArchive = <Value>(read: (sqlite: ReturnType<typeof openArchiveReadOnly>['sqlite']) => Value, none: Value) => {
    try {
      const archive = openArchiveReadOnly(db);
      try {
        return read(archive.sqlite);
      } finally {
        archive.close();
      }
    } catch (error) {
      // Where there is no archive, or none that can be read, the value is as wrong.
      if (error instanceof UserFault) return none;
      throw error;
    }
  };
  return {
    now,
    statuses: () => inArchive(statusValues, []),
    accounts: () => inArchive((sqlite) => knownPlaces(sqlite, configured).accounts, new Set(configured.accounts)),
    regions: () => inArchive((sqlite) => knownPlaces(sqlite, configured).regions, new Set(configured.regions)),
  };
}
