import { emptyTally } from '../../archive/record/record-run.ts';
import type { Config, SourceConfig } from '../../config/config.ts';
import type { Now } from '../../lib/time.ts';
import { accountOfSource } from '../../model/account-of-source.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { regionsOf } from '../../upstream/configured-sources.ts';
import { connectSource } from '../../upstream/connect-source.ts';
import { createPacer } from '../../upstream/create-pacer.ts';
import type { ConfiguredPlace } from './claim-places.ts';

export interface RegionalSource {
  source: SourceConfig;
  /** The SDK's own where it is undefined. */
  region: string | undefined;
}

/** Each source in each of its regions, in the configuration's order; in the SDK's own where it names none. */
export function regionalSources({ sources }: Config, ownRegion: string | undefined): RegionalSource[] {
  return sources.flatMap((source) => regionsOf(source, ownRegion).map((region) => ({ source, region })));
}

/** What the configuration says of it. */
export function configuredPlace({ source, region }: RegionalSource): ConfiguredPlace {
  return { alias: source.alias, accountId: accountOfSource(source), region };
}

interface AskDeps {
  config: Config;
  now: Now;
  random(): number;
  signal: AbortSignal;
}

/** Which account and region a source is; undefined where it can't be asked, which is for the pass that collects it to tell. */
export async function askPlace(
  { config, now, random, signal }: AskDeps,
  regional: RegionalSource | undefined,
): Promise<SourceKey | undefined> {
  if (!regional) return undefined;
  const pacer = createPacer({ monotonicMs: () => performance.now(), random, signal });
  const { aws, callDeadlineMs } = config;
  try {
    const deps = { now, pacer, counts: emptyTally(), aws, signal, callDeadlineMs };
    const source = await connectSource(deps, regional.source, regional.region);
    source.close();
    return { accountId: source.accountId, region: source.region };
  } catch {
    return undefined;
  }
}
