import { knownContext } from '../../archive/values/known-context.ts';
import type { Config } from '../../config/config.ts';
import { openArchiveReadOnly } from '../../db/open.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { ReadingContext } from '../../questions/reading.ts';
import { configuredPlaces } from '../../upstream/configured-sources.ts';

/**
 * The facts that are needed to read options. The archive is opened only if a value can't be judged without it: to know
 * the statuses in the archive, and the accounts and regions that may have been meant.
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
      // Without a readable archive, the value is still reported as wrong.
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
