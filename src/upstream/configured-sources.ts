import type { SourceConfig } from '../config/config.ts';

/** A source in one region, with what the configuration says of its account: by name, or in the ARN of its role. */
export interface ConfiguredRegion {
  alias: string;
  accountId: string | undefined;
  region: string | undefined;
}

/**
 * What is configured, a source and region each. `defaultRegion` is the SDK's own, for sources that name none; without it their region is
 * not known.
 */
export function configuredSources(
  sources: readonly SourceConfig[],
  defaultRegion?: string | undefined,
): ConfiguredRegion[] {
  return sources.flatMap((source) =>
    regionsOf(source, defaultRegion).map((region) => ({
      alias: source.alias,
      accountId: configuredAccount(source),
      region,
    })),
  );
}

/** The regions of a source: one that is not known where neither it nor the SDK names any. */
export function regionsOf({ regions }: SourceConfig, defaultRegion: string | undefined): (string | undefined)[] {
  return regions.length > 0 ? regions : [defaultRegion];
}

/** The account that a source must turn out to be; undefined where the configuration leaves that to its credentials. */
export function configuredAccount({ accountId, roleArn }: SourceConfig): string | undefined {
  return accountId ?? roleArn?.split(':')[4];
}
