import { noteOwed } from '../../archive/coverage/sources/note-owed.ts';
import type { Config } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Logger } from '../../lib/logger.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';
import { defaultRegion } from '../../upstream/default-region.ts';

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

/** The same as a server starts. A full disk does not keep it from answering; the first pass that can write says what is owed. */
export async function oweAtStart(
  { config, log, now }: { config: Pick<Config, 'sources' | 'aws'>; log: Logger; now: Now },
  writer: Pick<ArchiveDb, 'sqlite'>,
): Promise<void> {
  try {
    await oweConfigured(writer, { config, now });
  } catch (error) {
    log.warn({ err: error }, 'What is configured could not be noted as owed yet: the next pass notes it.');
  }
}
