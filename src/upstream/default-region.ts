import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsOverride, SourceConfig } from '../config/config.ts';

/**
 * Returns the region that the SDK takes for sources that name none, from the environment or the profile. Returns
 * undefined if there is none, or if every source names its own. Makes no call.
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
    // This error is reported when the source is connected.
    return undefined;
  } finally {
    client.destroy();
  }
}
