/** AWS's partitions, by the beginnings of their regions' names. Source: the SDK. */
const PARTITIONS: readonly (readonly [string, string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
];

/** Returns an ARN in an account and region. ARNs of IAM and STS have no region. */
export function arn(
  { accountId, region }: { readonly accountId: string; readonly region: string },
  service: string,
  resource: string,
): string {
  const isGlobal = service === 'iam' || service === 'sts';
  return `arn:${partitionOf(region)}:${service}:${isGlobal ? '' : region}:${accountId}:${resource}`;
}

/** Returns the partition of a region, which every ARN begins with. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}
