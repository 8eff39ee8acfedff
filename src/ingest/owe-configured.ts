import { noteOwed } from '../archive/owed/note-owed.ts';
import type { Config } from '../config/config.ts';
import type { ArchiveDb } from '../db/open.ts';
import { isoFromMs, type Now } from '../lib/time.ts';
import { configuredSources } from '../upstream/configured-sources.ts';
import { defaultRegion } from '../upstream/default-region.ts';

/**
 * Makes all that is configured owed, from now on, and gives the region of sources that name none. It comes before the first call: a source
 * that never answers is missing from here on.
 */
export async function oweConfigured(
  { sqlite }: Pick<ArchiveDb, 'sqlite'>,
  { config, now }: { config: Pick<Config, 'sources' | 'aws'>; now: Now },
): Promise<string | undefined> {
  const region = await defaultRegion(config);
  noteOwed(sqlite, configuredSources(config.sources, region), { at: isoFromMs(now().getTime()) });
  return region;
}
