/** What a question about accounts and regions is narrowed to. */
export interface AskedPlace {
  accountId?: string | undefined;
  region?: string | undefined;
}

/** Whether a place is, or a source may be, of the account and region that are asked for: what is not known may be any. */
export function isAskedFor(
  of: { accountId: string | null; region: string | null },
  { accountId, region }: AskedPlace,
): boolean {
  return (
    (accountId === undefined || of.accountId === null || of.accountId === accountId) &&
    (region === undefined || of.region === null || of.region === region)
  );
}
