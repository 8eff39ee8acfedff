import type { SourceResult } from '../../archive/record/record-run.ts';
import type { Config } from '../../config/config.ts';
import { emptyTally } from '../../model/coverage/counters.ts';

/**
 * Returns the results of sources that can't be used as configured: each fails without a call, and only its alias is
 * known.
 */
export function failRefused(
  { refused }: Pick<Config, 'refused'>,
  alias: string | undefined,
  at: string,
): SourceResult[] {
  return refused
    .filter((source) => alias === undefined || source.alias === alias)
    .map(({ alias: name, region, sentence }) => ({
      ...{ ...emptyTally(), alias: name, region: region ?? '', accountId: null },
      ...{ outcome: 'failed', error: sentence, clockSkewMs: null, startedAt: at, finishedAt: at },
    }));
}
