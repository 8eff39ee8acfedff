import { noteOwed } from '../../archive/coverage/sources/note-owed.ts';
import type { Config } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Logger } from '../../lib/logger.ts';
import { isoFromMs, type Now } from '../../lib/time.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';
import { defaultRegion } from '../../upstream/default-region.ts';

/**
 * Notes all configured sources as owed from now on; sources that name no region get the SDK's. This happens before the
 * first call, so that a source that never answers counts as missing from now on.
 */
export async function oweConfigured(
  { sqlite }: Pick<ArchiveDb, 'sqlite'>,
  { config, now }: { config: Pick<Config, 'sources' | 'aws'>; now: Now },
): Promise<string | undefined> {
  const region = await defaultRegion(config);
  noteOwed(sqlite, configuredSources(config.sources, region), { at: isoFromMs(now().getTime()) });
  return region;
}

/**
 * Does the same when a server starts. If the disk is full, the server starts all the same, and the first pass that can
 * write notes what is owed.
 */
export async function oweAtStart(
  { config, log, now }: { config: Pick<Config, 'sources' | 'aws'>; log: Logger; now: Now },
  writer: Pick<ArchiveDb, 'sqlite'>,
): Promise<void> {
  try {
    await oweConfigured(writer, { config, now });
  } catch (error) {
    log.warn({ err: error }, 'The configured sources could not be noted as owed yet. The next pass notes them.');
  }
}
