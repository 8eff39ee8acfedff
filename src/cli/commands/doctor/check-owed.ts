import { existsSync } from 'node:fs';
import { listMissing, type MissingSource } from '../../../archive/coverage/sources/list-missing.ts';
import { notConfigured } from '../../../archive/coverage/sources/not-configured.ts';
import { nameOfSource } from '../../../archive/coverage/sources/owed-source.ts';
import { missingSentence, notConfiguredSentence } from '../../../archive/figures/problems-of.ts';
import type { Config } from '../../../config/config.ts';
import { openArchiveReadOnly } from '../../../db/open.ts';
import type { Check } from '../../../ingest/check-source.ts';
import { configuredSources } from '../../../upstream/configured-sources.ts';

/**
 * Checks which sources are owed but were never collected, and which are owed but no longer configured. Returns no check
 * if the archive can't be read.
 */
export function checkOwed(config: Config): Check[] {
  if (!existsSync(config.db)) return [];
  try {
    const db = openArchiveReadOnly(config.db);
    try {
      const left = notConfigured(db.sqlite, configuredSources(config.sources));
      const isLeft = (source: MissingSource) =>
        left.some(
          ({ alias, accountId, region }) =>
            alias === source.alias && accountId === source.accountId && region === source.region,
        );
      return [
        ...left.map((source): Check => {
          const state = source.isCollectedOtherwise ? 'warning' : 'failed';
          return { what: `source ${nameOfSource(source)}`, state, detail: notConfiguredSentence(source) };
        }),
        ...listMissing(db.sqlite)
          .filter((source) => !isLeft(source))
          .map((source): Check => {
            const detail = `${missingSentence(source)} The other checks of this source say what is wrong.`;
            return { what: `source ${nameOfSource(source)}`, state: 'failed', detail };
          }),
      ];
    } finally {
      db.close();
    }
  } catch {
    // Another check, of the archive's file, says what is wrong with the file.
    return [];
  }
}
