import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SourceConfig } from '../../src/config/config.ts';
import { connectSource } from '../../src/upstream/connect-source.ts';
import { createPacer } from '../../src/upstream/create-pacer.ts';
import { ListingExpired, OperationUnknown, SourceRefused } from '../../src/upstream/errors.ts';

interface Answer {
  status?: number;
  body: string;
  headers?: Record<string, string>;
  /** Breaks the connection in the middle of the body. */
  isCut?: boolean;
}

const ACCOUNT = '012345678901';
const EMPTY: Answer = { body: '{"CommandInvocations":[],"Commands":[]}' };
const THROTTLED: Answer = { status: 400, body: '{"__type":"ThrottlingException","message":"Rate exceeded"}' };

/** A service over HTTP that gives these answers to SSM calls, one after another, and records the calls. */
async function serve(answers: Answer[], refusedAssumptions = 0) {
  const asked: unknown[] = [];
  let assumptions = 0;
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = await text(request);
    if (body.includes('Action=GetCallerIdentity')) {
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
      return;
    }
    if (body.includes('Action=AssumeRole')) {
      assumptions += 1;
      response.statusCode = assumptions > refusedAssumptions ? 200 : 500;
      response.setHeader('content-type', 'text/xml');
      response.end(
        response.statusCode === 500
          ? ''
          : '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
      );
      return;
    }
    asked.push({ target: request.headers['x-amz-target'], ...JSON.parse(body) });
    const { status = 200, body: reply, headers = {}, isCut } = answers.shift() ?? EMPTY;
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(reply),
      ...headers,
    });
    if (!isCut) return response.end(reply);
    response.write(reply.slice(0, reply.length / 2), () => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { asked, endpoint: `http://127.0.0.1:${port}` };
}

async function connect(
  answers: Answer[],
  config: Partial<SourceConfig> = {},
  now = () => new Date(),
  refusedAssumptions = 0,
) {
  const { asked, endpoint } = await serve(answers, refusedAssumptions);
  const counts = { calls: 0, throttles: 0, faults: 0 };
  const signal = new AbortController().signal;
  const pacer = createPacer({ monotonicMs: () => performance.now(), random: () => 0, signal });
  const aws = { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const source = await connectSource(
    { now, pacer, counts, aws, signal },
    { alias: 'default', regions: [], ...config },
    'eu-west-1',
  );
  onTestFinished(() => source.close());
  return { source, asked, counts };
}

const none = () => ({ calls: 0, throttles: 0, faults: 0 });

describe('a source', () => {
  it('gets its account id from STS', async () => {
    const { source, counts } = await connect([]);
    expect(source).toMatchObject({ accountId: ACCOUNT, region: 'eu-west-1', alias: 'default' });
    expect(counts).toEqual({ calls: 1, throttles: 0, faults: 0 });
  });

  it('is refused if its account is not the configured account, and the message names both accounts', async () => {
    await expect(connect([], { accountId: '999999999999' })).rejects.toThrow(
      new SourceRefused(
        `The source "default" is configured as account 999999999999, but its credentials belong to account ${ACCOUNT}. Correct accountId or roleArn, or use the other account's credentials.`,
      ),
    );
  });

  it('lists with details, fifty rows a reply, and filters by times in whole seconds', async () => {
    const { source, asked } = await connect([]);
    await source.listCommandInvocations({ afterMs: 1_772_357_400_999, beforeMs: 1_772_443_800_000 }, none());
    await source.listCommandInvocations({ commandId: 'c', instanceId: 'i-1', nextToken: 't' }, none());
    await source.listCommands({ executionStage: 'Executing' }, none());
    expect(asked).toEqual([
      {
        target: 'AmazonSSM.ListCommandInvocations',
        MaxResults: 50,
        Details: true,
        Filters: [
          { key: 'InvokedAfter', value: '2026-03-01T09:30:00Z' },
          { key: 'InvokedBefore', value: '2026-03-02T09:30:00Z' },
        ],
      },
      {
        target: 'AmazonSSM.ListCommandInvocations',
        MaxResults: 50,
        Details: true,
        CommandId: 'c',
        InstanceId: 'i-1',
        NextToken: 't',
      },
      { target: 'AmazonSSM.ListCommands', MaxResults: 50, Filters: [{ key: 'ExecutionStage', value: 'Executing' }] },
    ]);
  });

  it('returns every member of a reply, including members that the SDK would drop or fail at', async () => {
    const item = { CommandId: 'c', New: { a: [null] }, RequestedDateTime: '2026-03-01T09:30:00Z', Comment: '\u0000' };
    const body = JSON.stringify({ CommandInvocations: [item], NextToken: 'next' });
    const { source } = await connect([{ body }]);
    expect(await source.listCommandInvocations({}, none())).toEqual({ items: [item], nextToken: 'next' });
  });

  it('returns the request id of the reply, not of an earlier attempt, and no id for a reply without one', async () => {
    const id = (requestId: string) => ({ headers: { 'x-amzn-RequestId': requestId } });
    const { source } = await connect([
      { ...THROTTLED, ...id('throttled') },
      { body: '{"CommandInvocations":[{', ...id('cut') },
      { ...EMPTY, ...id('page') },
      { body: '{"Commands":[]}', ...id('commands') },
      EMPTY,
    ]);
    expect((await source.listCommandInvocations({}, none())).requestId).toBe('page');
    expect((await source.listCommands({}, none())).requestId).toBe('commands');
    expect((await source.listCommandInvocations({}, none())).requestId).toBeUndefined();
  });

  it('repeats throttled, failed and broken calls, and counts each attempt', async () => {
    const page: Answer = { body: '{"CommandInvocations":[{"CommandId":"c"}]}' };
    const { source } = await connect([
      THROTTLED,
      { status: 500, body: '{"__type":"InternalServerError"}' },
      { ...page, isCut: true },
      { body: '{"CommandInvocations":[{' },
      page,
    ]);
    const counts = none();
    expect((await source.listCommandInvocations({}, counts)).items).toEqual([{ CommandId: 'c' }]);
    expect(counts).toEqual({ calls: 5, throttles: 1, faults: 3 });
  });

  it.each([
    ['AccessDeniedException', SourceRefused],
    ['ExpiredTokenException', SourceRefused],
    ['InvalidNextToken', ListingExpired],
    ['UnknownOperationException', OperationUnknown],
  ])('does not repeat a call after %s, and explains the error', async (type, expected) => {
    const { source, asked } = await connect([{ status: 400, body: `{"__type":"${type}","message":"Said so."}` }]);
    const counts = none();
    await expect(source.listCommandInvocations({}, counts)).rejects.toThrow(expected);
    expect(asked).toHaveLength(1);
    expect(counts).toEqual({ calls: 1, throttles: 0, faults: 0 });
  });

  it("measures by the replies how far the service's clock is ahead of this machine's clock", async () => {
    const now = () => new Date('2026-03-01T09:30:00.000Z');
    const dated = (time: string): Answer => ({ ...EMPTY, headers: { date: new Date(time).toUTCString() } });
    const { source } = await connect(
      [dated('2026-03-01T09:35:00Z'), dated('2026-03-01T09:26:00Z'), dated('2026-03-01T09:29:59Z')],
      {},
      now,
    );
    const skews: unknown[] = [];
    for (let i = 0; i < 3; i += 1) {
      await source.listCommandInvocations({}, none());
      skews.push(source.clockSkewMs());
    }
    expect(skews).toEqual([300_000, -240_000, 0]);
  });

  it('tries again if its role cannot be assumed for a moment, as with any other call', async () => {
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/ssm-archive`;
    const { source } = await connect([], { roleArn }, () => new Date(), 5);
    expect(source.accountId).toBe(ACCOUNT);
  });
});
