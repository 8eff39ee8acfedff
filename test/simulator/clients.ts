import { type CommandInvocation, ListCommandInvocationsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';

export const NOW = new Date('2026-03-15T12:00:00.000Z');
export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
/** One account and region, so that all of a small fleet is in one place. */
export const ONE = [{ accountId: ACCOUNT, regions: [REGION] }];

/** Anything that answers like the service: the simulator, or an archive. */
interface Endpoint {
  readonly url: string;
}

const settings = ({ url }: Endpoint, accessKeyId: string, region: string) => ({
  endpoint: url,
  region,
  credentials: { accessKeyId, secretAccessKey: 'secret' },
  maxAttempts: 1,
});

export function ssmClient(endpoint: Endpoint, accessKeyId = ACCOUNT, region = REGION): SSMClient {
  return new SSMClient(settings(endpoint, accessKeyId, region));
}

export function stsClient(endpoint: Endpoint, accessKeyId = ACCOUNT, region = REGION): STSClient {
  return new STSClient(settings(endpoint, accessKeyId, region));
}

export type ListInput = ConstructorParameters<typeof ListCommandInvocationsCommand>[0];

/** Returns every page of a listing, by the real SDK. */
export async function listPages(client: SSMClient, input: ListInput = {}): Promise<CommandInvocation[][]> {
  const pages: CommandInvocation[][] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const command = new ListCommandInvocationsCommand({ ...input, ...(token !== undefined && { NextToken: token }) });
    const { CommandInvocations = [], NextToken } = await client.send(command);
    pages.push(CommandInvocations);
    if (NextToken !== undefined && tokens.has(NextToken)) throw new Error('a token came twice');
    if (NextToken !== undefined) tokens.add(NextToken);
    token = NextToken;
  } while (token !== undefined);
  return pages;
}

export const idOf = ({ CommandId, InstanceId }: { CommandId?: string | undefined; InstanceId?: string | undefined }) =>
  `${CommandId}/${InstanceId}`;

/** Sends a request as bytes, because the SDK would not send such a request. */
export async function post(
  { url }: Endpoint,
  body: unknown,
  {
    target = 'AmazonSSM.ListCommandInvocations',
    headers = {} as Record<string, string>,
    isSigned = true,
    accessKeyId = ACCOUNT,
    region = REGION,
  } = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260315/${region}/ssm/aws4_request, SignedHeaders=host;x-amz-date, Signature=00`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      // A new simulator may get the port of an earlier simulator. A connection that was kept open would still lead to
      // the earlier one.
      connection: 'close',
      ...(isSigned && { authorization, 'x-amz-date': '20260315T120000Z' }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
