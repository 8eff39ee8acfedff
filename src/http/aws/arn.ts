/** As the SDK knows them, by what the names of their regions begin with. */
const PARTITIONS: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
];

/** An ARN in an account and region; IAM's and STS's name no region. */
export function arn(
  { accountId, region }: { readonly accountId: string; readonly region: string },
  service: string,
  resource: string,
): string {
  const isGlobal = service === 'iam' || service === 'sts';
  return `arn:${partitionOf(region)}:${service}:${isGlobal ? '' : region}:${accountId}:${resource}`;
}

/** The partition of a region, which is part of every ARN. */
function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}
