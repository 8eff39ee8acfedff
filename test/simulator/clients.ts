import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
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

export function s3Client(endpoint: Endpoint, accessKeyId = ACCOUNT, region = REGION): S3Client {
  return new S3Client({ ...settings(endpoint, accessKeyId, region), forcePathStyle: true });
}

export function logsClient(endpoint: Endpoint, accessKeyId = ACCOUNT, region = REGION): CloudWatchLogsClient {
  return new CloudWatchLogsClient(settings(endpoint, accessKeyId, region));
}

/** Returns the messages of a stream, page by page, from its beginning until the next token is the one that was sent. */
export async function logPages(
  client: CloudWatchLogsClient,
  stream: { readonly logGroupName: string; readonly logStreamName: string },
  limit?: number,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let token: string | undefined; ; ) {
    const { events = [], nextForwardToken } = await client.send(
      new GetLogEventsCommand({ ...stream, limit, startFromHead: true, nextToken: token }),
    );
    pages.push(events.map(({ message = '' }) => message));
    if (nextForwardToken === token) return pages;
    token = nextForwardToken;
  }
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
