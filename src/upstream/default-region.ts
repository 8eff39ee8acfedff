import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsOverride, SourceConfig } from '../config/config.ts';

/**
 * The region that the SDK takes for sources that name none: of the environment or the profile. Undefined where there is none, or where every
 * source names its own. Asks nobody.
 */
export async function defaultRegion({
  sources,
  aws,
}: {
  sources: readonly SourceConfig[];
  aws?: AwsOverride | undefined;
}): Promise<string | undefined> {
  if (sources.every(({ regions }) => regions.length > 0)) return undefined;
  const client = new SSMClient({ ...aws });
  try {
    return await client.config.region();
  } catch {
    // Connecting says so in a sentence of its own.
    return undefined;
  } finally {
    client.destroy();
  }
}
