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
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
