/** The account and region that a question is limited to. */
export interface AskedPlace {
  accountId?: string | undefined;
  region?: string | undefined;
}

/**
 * Whether an account and region is asked for, or a source may be: an account or region that is not known may be any.
 */
export function isAskedFor(
  of: { accountId: string | null; region: string | null },
  { accountId, region }: AskedPlace,
): boolean {
  return (
    (accountId === undefined || of.accountId === null || of.accountId === accountId) &&
    (region === undefined || of.region === null || of.region === region)
  );
}
