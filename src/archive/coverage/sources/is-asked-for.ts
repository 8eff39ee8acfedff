/** The account and region that a question is limited to. */
export interface AskedPlace {
  accountId?: string | undefined;
  region?: string | undefined;
}

/**
 * Whether a question is about this account and region, or may be about this source: an unknown account or region may be
 * any.
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
