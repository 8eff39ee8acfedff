import { knownContext } from '../../archive/values/known-context.ts';
import type { Config } from '../../config/config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { ReadingContext } from '../../questions/reading.ts';
import { configuredPlaces } from '../../upstream/configured-sources.ts';

/**
 * The facts that are needed to read options. The archive is opened only for a value that is not valid by itself: for
 * the archive's own statuses, and for the accounts and regions that may have been meant.
 */
export function readingContext({ db, sources }: Pick<Config, 'db' | 'sources'>, now: Date): ReadingContext {
  const configured = configuredPlaces(sources);
  const inArchive = (
    choose: (known: ReturnType<typeof knownContext>) => (() => Iterable<string>) | undefined,
    none: Iterable<string>,
  ) => {
    try {
      const archive = openArchiveReadOnly(db);
      try {
        return choose(knownContext(archive.sqlite, configured))?.() ?? none;
      } finally {
        archive.close();
      }
    } catch (error) {
      // The value is wrong even if no archive can be read.
      if (error instanceof UserFault) return none;
      throw error;
    }
  };
  return {
    now,
    statuses: () => inArchive((known) => known.statuses, []),
    accounts: () => inArchive((known) => known.accounts, configured.accounts),
    regions: () => inArchive((known) => known.regions, configured.regions),
  };
}
