import { notConfigured } from '../../archive/coverage/sources/not-configured.ts';
import { nameOfSource } from '../../archive/coverage/sources/owed-source.ts';
import { notConfiguredSentence } from '../../archive/figures/problems-of.ts';
import type { SourceConfig } from '../../config/config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import type { Logger } from '../../lib/logger.ts';
import { configuredSources } from '../../upstream/configured-sources.ts';

/** After each pass, logs which sources are owed but no longer configured: no pass collects them. */
export function warnOfOwed({ sqlite }: Pick<ArchiveDb, 'sqlite'>, sources: readonly SourceConfig[], log: Logger): void {
  try {
    for (const source of notConfigured(sqlite, configuredSources(sources)))
      log.warn({ source: nameOfSource(source) }, `${nameOfSource(source)}: ${notConfiguredSentence(source)}`);
  } catch (error) {
    // An archive that was emptied or damaged can't be read. /readyz and the pass itself report that; here the error
    // must not keep the pass from ending.
    log.warn({ err: error }, 'The owed sources could not be read after the pass.');
  }
}
