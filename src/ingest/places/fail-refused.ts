import { emptyTally, type SourceResult } from '../../archive/record/record-run.ts';
import type { Config } from '../../config/config.ts';

/** How each source that the configuration was refused ends in a pass, without a call: it fails, under its name alone. */
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
