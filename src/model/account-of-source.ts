/**
 * Returns the account that a source names, by its accountId or by its role's ARN; undefined if only the source's
 * credentials determine the account.
 */
export function accountOfSource({
  accountId,
  roleArn,
}: {
  accountId?: string | undefined;
  roleArn?: string | undefined;
}): string | undefined {
  return accountId ?? roleArn?.split(':')[4];
}

/**
 * The message about a source with the same account and region as an earlier source. `region` is undefined if it is the
 * SDK's own region.
 */
export function sayTwice(twice: {
  alias: string;
  earlier: string;
  accountId: string;
  region: string | undefined;
}): string {
  const { alias, earlier, accountId, region = "the SDK's own region" } = twice;
  return `The source "${alias}" is the same as "${earlier}": both are account ${accountId} in ${region}, which "${earlier}" collects already. Remove this region from one of the two in the configuration.`;
}
