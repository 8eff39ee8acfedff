import type { Config, SourceConfig } from '../../config/config.ts';
import type { Now } from '../../lib/time.ts';
import { accountOfSource } from '../../model/account-of-source.ts';
import { emptyTally } from '../../model/coverage/counters.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { regionsOf } from '../../upstream/configured-sources.ts';
import { connectSource } from '../../upstream/connect-source.ts';
import { createPacer } from '../../upstream/create-pacer.ts';
import type { ConfiguredPlace } from './claim-places.ts';

export interface RegionalSource {
  source: SourceConfig;
  /** If undefined, the SDK chooses the region. */
  region: string | undefined;
}

/**
 * Returns each source in each of its regions, in the order of the configuration. A source that names no region has the
 * SDK's.
 */
export function regionalSources({ sources }: Config, ownRegion: string | undefined): RegionalSource[] {
  return sources.flatMap((source) => regionsOf(source, ownRegion).map((region) => ({ source, region })));
}

/** The source as it is configured. */
export function configuredPlace({ source, region }: RegionalSource): ConfiguredPlace {
  return { alias: source.alias, accountId: accountOfSource(source), region };
}

interface AskDeps {
  config: Config;
  now: Now;
  random(): number;
  signal: AbortSignal;
}

/**
 * Returns which account and region a source has. Returns undefined if it can't be asked: the pass that collects it
 * reports why.
 */
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
