import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { watchSilence } from '../../src/upstream/calls/watch-silence.ts';
import { connectBucket } from '../../src/upstream/connect-bucket.ts';
import { connectSource } from '../../src/upstream/connect-source.ts';
import { createPacer } from '../../src/upstream/create-pacer.ts';
import { postCheckpoint } from '../../src/upstream/post-checkpoint.ts';
import { knowTests, onTestEnd } from '../on-test-end.ts';

knowTests();

const now = () => new Date();
const ACCOUNT = '012345678901';
const SLOW_MS = 3000;
const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

async function serving(answer: (response: ServerResponse, request: IncomingMessage, n: number) => void) {
  let n = 0;
  const server = createServer(async (request, response) => {
    await text(request);
    answer(response, request, n++);
  }).listen(0, '127.0.0.1');
  onTestEnd(() => void server.close().closeAllConnections());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Accepts each connection, and never answers. */
async function silent(): Promise<string> {
  const server = createTcpServer((socket) => {
    onTestEnd(() => void socket.destroy());
  }).listen(0, '127.0.0.1');
  onTestEnd(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(endpoint: string, said: string[], signal = new AbortController().signal) {
  const pacer = createPacer({ monotonicMs: () => performance.now(), random: () => 0, signal });
  const counts = { calls: 0, throttles: 0, faults: 0 };
  const aws = { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const onSilence = (sentence: string) => void said.push(sentence);
  return connectSource(
    { ...{ now, pacer, counts, aws, signal, onSilence }, graceMs: 10 },
    { alias: 'default', regions: [] },
    'eu-west-1',
  );
}

function bucketAt(endpoint: string, said: string[], signal = new AbortController().signal) {
  const environment = { AWS_ENDPOINT_URL_S3: endpoint, AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 's' };
  for (const [name, value] of Object.entries({ ...environment, AWS_REGION: 'eu-west-1' })) vi.stubEnv(name, value);
  onTestEnd(() => void vi.unstubAllEnvs());
  const onSilence = (sentence: string) => void said.push(sentence);
  const bucket = connectBucket({ now, signal, onSilence, graceMs: 10 }, { bucket: 'kept', prefix: '' });
  onTestEnd(bucket.close);
  return bucket;
}

const xml = (response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(body);

describe.concurrent('a service that is slow but works', { timeout: 30_000 }, () => {
  it('is never reported as silent if it takes three seconds for an answer', async () => {
    const said: string[] = [];
    const url = await serving((response) => void setTimeout(() => xml(response, 200, IDENTITY), SLOW_MS));
    (await connect(url, said)).close();
    expect(said).toEqual([]);
  });

  it.each([
    ['asks callers to wait', 503, '<Error><Code>ServiceUnavailable</Code></Error>'],
    ['throttles', 400, '<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>'],
  ])('is never reported as silent if it %s', async (_, status, body) => {
    const said: string[] = [];
    const url = await serving((response, _request, n) =>
      n < 3 ? xml(response, status, body, { 'retry-after': '2' }) : xml(response, 200, IDENTITY),
    );
    (await connect(url, said)).close();
    expect(said).toEqual([]);
  });

  it('is never reported as silent if it is a witness', async () => {
    const said: string[] = [];
    const url = await serving((response) => void setTimeout(() => response.end('signed'), SLOW_MS));
    const watch = watchSilence((sentence) => void said.push(sentence));
    await postCheckpoint(url, 'old 0\n', { signal: AbortSignal.timeout(8000), watch });
    expect(said).toEqual([]);
  });
});

it.concurrent('a witness that does not answer is reported within five seconds', { timeout: 20_000 }, async () => {
  const said: string[] = [];
  const url = await silent();
  const watch = watchSilence((sentence) => void said.push(sentence));
  const asking = postCheckpoint(url, 'old 0\n', { signal: AbortSignal.timeout(4500), watch }).catch(() => {});
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 5000, interval: 20 });
  expect(said[0]).toContain(`${url} has not answered`);
  await asking;
});

// These change the process's environment, so they run one after the other.
describe('a bucket', { timeout: 30_000 }, () => {
  it('is never reported as silent if it is slow, or asks callers to wait', async () => {
    const said: string[] = [];
    const url = await serving((response, _request, n) =>
      n === 0
        ? xml(response, 503, '<Error><Code>SlowDown</Code></Error>', { 'retry-after': '1' })
        : void setTimeout(() => response.writeHead(200, { etag: '"x"' }).end(), SLOW_MS),
    );
    await bucketAt(url, said)
      .put('a', 'note')
      .catch(() => {});
    expect(said).toEqual([]);
  });

  it.each([
    ['does not answer', silent, /has not answered for 3 seconds/],
    ['refuses connections', async () => 'http://127.0.0.1:1', /has not answered for 1 second: it can't be reached/],
  ])('is reported within five seconds if it %s', async (_, endpointOf, sentence) => {
    const said: string[] = [];
    const stopping = new AbortController();
    const url = await endpointOf();
    const putting = bucketAt(url, said, stopping.signal)
      .put('a', 'note')
      .catch(() => {});
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(0), { timeout: 5000, interval: 20 });
    expect(said[0]).toMatch(sentence);
    expect(said[0]).toContain(url);
    stopping.abort();
    await putting;
  });
});
