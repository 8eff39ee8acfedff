/** The account and region that a question is limited to. */
export interface AskedPlace {
  accountId?: string | undefined;
  region?: string | undefined;
}

/**
 * Whether a question is about this account and region. If a source's account or region is not known, the question may
 * be about it.
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
