import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { ACCOUNT } from './archive-trial.ts';

export interface TinyCall {
  operation: string;
  input: { Filters?: { key: string; value: string }[]; CommandId?: string; InstanceId?: string; NextToken?: string };
  /** The access key that signed the request. */
  accessKeyId: string;
}

export interface TinyAnswer {
  status?: number;
  body: string;
  contentType?: string;
  headers?: Record<string, string>;
}

type Items = Record<string, unknown>[];

/** The history that a tiny service shows: everything that fits the time filters, in one reply. */
export interface TinyHistory {
  invocations?: Items;
  commands?: Items;
}

/**
 * SSM and STS over HTTP in a few lines: it sends what `answer` returns, or else the history in one reply. It is for
 * replies that no simulator should be able to send. It ends with the test.
 */
export async function startTinyService(
  answer: (call: TinyCall) => TinyAnswer | undefined | Promise<TinyAnswer | undefined> = () => undefined,
  history: TinyHistory = {},
) {
  const calls: TinyCall[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const target = request.headers['x-amz-target'];
    const operation =
      typeof target === 'string' ? (target.split('.')[1] ?? '') : (new URLSearchParams(body).get('Action') ?? '');
    const [, accessKeyId = ''] = /Credential=([^/]+)/.exec(request.headers.authorization ?? '') ?? [];
    const call: TinyCall = { operation, input: typeof target === 'string' ? JSON.parse(body) : {}, accessKeyId };
    calls.push(call);
    const given = (await answer(call)) ?? ordinary(call, history);
    // A Date header would have this machine's time, but a trial's clock stands still.
    response.sendDate = false;
    response.writeHead(given.status ?? 200, {
      'content-type': given.contentType ?? 'application/x-amz-json-1.1',
      ...given.headers,
    });
    response.end(given.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { calls, history, url: `http://127.0.0.1:${port}` };
}

/** Returns the answer of STS for an account. */
export function identity(account: string): TinyAnswer {
  return {
    contentType: 'text/xml',
    body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/x</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  };
}

export function assumed(accessKeyId: string): TinyAnswer {
  return {
    contentType: 'text/xml',
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

function ordinary({ operation, input }: TinyCall, { invocations = [], commands = [] }: TinyHistory): TinyAnswer {
  if (operation === 'GetCallerIdentity') return identity(ACCOUNT);
  if (operation === 'AssumeRole') return assumed('ASIATINY');
  const filters = new Map((input.Filters ?? []).map(({ key, value }) => [key, value]));
  const [after, before] = [filters.get('InvokedAfter'), filters.get('InvokedBefore')];
  const shows = (item: Record<string, unknown>) => {
    const ms = Number(item.RequestedDateTime) * 1000;
    if (after !== undefined && ms < Date.parse(after)) return false;
    if (before !== undefined && ms >= Date.parse(before)) return false;
    if (filters.get('ExecutionStage') === 'Executing' && item.Status !== 'InProgress') return false;
    if (input.InstanceId !== undefined && input.InstanceId !== item.InstanceId) return false;
    return input.CommandId === undefined || input.CommandId === item.CommandId;
  };
  if (operation === 'ListCommands') return { body: JSON.stringify({ Commands: commands.filter(shows) }) };
  return { body: JSON.stringify({ CommandInvocations: invocations.filter(shows) }) };
}
