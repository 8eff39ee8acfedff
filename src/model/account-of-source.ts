/** The account that a source says it is, by its own word or by its role's ARN; undefined where that is left to its credentials. */
export function accountOfSource({
  accountId,
  roleArn,
}: {
  accountId?: string | undefined;
  roleArn?: string | undefined;
}): string | undefined {
  return accountId ?? roleArn?.split(':')[4];
}

/** What is said of a source that is the same account and region as an earlier one; `region` is undefined for the SDK's own. */
export function sayTwice(twice: {
  alias: string;
  earlier: string;
  accountId: string;
  region: string | undefined;
}): string {
  const { alias, earlier, accountId, region = "the SDK's own region" } = twice;
  return `The source "${alias}" is the same as "${earlier}": both are account ${accountId} in ${region}, which "${earlier}" collects. Take it out of the configuration of one of them.`;
}
