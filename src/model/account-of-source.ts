/**
 * Returns the account that a source names, by its accountId or by its role's ARN; undefined if only its credentials
 * show the account.
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
 * The message for a source with the same account and region as an earlier one. `region` is undefined for the SDK's own.
 */
export function sayTwice(twice: {
  alias: string;
  earlier: string;
  accountId: string;
  region: string | undefined;
}): string {
  const { alias, earlier, accountId, region = "the SDK's own region" } = twice;
  return `The source "${alias}" is the same as "${earlier}": both are account ${accountId} in ${region}, which "${earlier}" collects. Take it out of the configuration of one of them.`;
}
