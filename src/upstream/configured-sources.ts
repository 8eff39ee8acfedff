import type { SourceConfig } from '../config/config.ts';
import { accountOfSource } from '../model/account-of-source.ts';

/**
 * A source in one region, with its account if the configuration states the account: by itself, or in the ARN of the
 * role.
 */
export interface ConfiguredRegion {
  alias: string;
  accountId: string | undefined;
  region: string | undefined;
}

/**
 * Returns what is configured, one entry for each source and region. `defaultRegion` is the SDK's own, for sources that
 * name none; without it, their region is not known.
 */
export function configuredSources(
  sources: readonly SourceConfig[],
  defaultRegion?: string | undefined,
): ConfiguredRegion[] {
  return sources.flatMap((source) =>
    regionsOf(source, defaultRegion).map((region) => ({
      alias: source.alias,
      accountId: accountOfSource(source),
      region,
    })),
  );
}

/** Returns the accounts and regions that are configured, as far as they are known without asking AWS. */
export function configuredPlaces(sources: readonly SourceConfig[]): { accounts: string[]; regions: string[] } {
  const places = configuredSources(sources);
  return {
    accounts: [...new Set(places.flatMap(({ accountId }) => accountId ?? []))],
    regions: [...new Set(places.flatMap(({ region }) => region ?? []))],
  };
}

/** Returns the regions of a source. If neither the source nor the SDK names one, the list has one unknown region. */
export function regionsOf({ regions }: SourceConfig, defaultRegion: string | undefined): (string | undefined)[] {
  return regions.length > 0 ? regions : [defaultRegion];
}
