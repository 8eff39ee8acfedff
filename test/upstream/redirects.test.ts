import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SourceConfig } from '../../src/config/config.ts';
import { redirectTarget } from '../../src/upstream/calls/redirect-target.ts';
import { connectBucket } from '../../src/upstream/connect-bucket.ts';
import { connectSource } from '../../src/upstream/connect-source.ts';
import { createPacer } from '../../src/upstream/create-pacer.ts';
import { SourceRefused } from '../../src/upstream/errors.ts';

const ACCOUNT = '012345678901';
const STATUSES = [301, 302, 303, 307, 308];

interface Redirect {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * A service that redirects the requests that `isRedirected` selects, and the host that it points to, which must never
 * be asked.
 */
async function startRedirecting(redirect: Redirect, isRedirected: (body: string) => boolean = () => true) {
  const asked: string[] = [];
  const elsewhere: string[] = [];
  const listening = async (answer: Parameters<typeof createServer>[1]) => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close().closeAllConnections());
    await once(server, 'listening');
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  };
  const other = await listening((request, response) => {
    elsewhere.push(`${request.method} ${request.url}`);
    response.end();
  });
  const url = await listening(async (request, response) => {
    const body = await text(request);
    asked.push(`${request.headers['x-amz-target'] ?? body}`);
    if (isRedirected(body)) {
      const headers = redirect.headers ?? { location: `${other}/elsewhere?secret=1` };
      response.writeHead(redirect.status, headers).end(redirect.body ?? 'moved');
      return;
    }
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  return { url, other, asked, elsewhere };
}

function connect(endpoint: string | undefined, config: Partial<SourceConfig> = {}) {
  const { signal } = new AbortController();
  const pacer = createPacer({ monotonicMs: () => performance.now(), random: () => 0, signal });
  const counts = { calls: 0, throttles: 0, faults: 0 };
  const aws =
    endpoint === undefined ? undefined : { endpoint, credentials: { accessKeyId: 'A', secretAccessKey: 's' } };
  const deps = { now: () => new Date(), pacer, counts, aws, signal };
  return connectSource(deps, { alias: 'default', regions: [], ...config }, 'eu-west-1');
}

const none = () => ({ calls: 0, throttles: 0, faults: 0 });

describe('a redirect is never followed, and the message says where it points and which setting to change:', () => {
  it.each(STATUSES)('a listing of SSM with status %i, for which the service is asked only once', async (status) => {
    const { url, other, asked, elsewhere } = await startRedirecting({ status }, (body) => !body.includes('Action='));
    const source = await connect(url);
    const listing = source.listCommandInvocations({}, none());
    await expect(listing).rejects.toThrow(SourceRefused);
    await expect(listing).rejects.toThrow(
      `${url} redirects to ${other}/elsewhere (${status}). No redirect is followed. Set SSM_ARCHIVE_UPSTREAM to ${other}/elsewhere if that is the service's address; else correct it, or take it out to call AWS itself, and look for a proxy on the way.`,
    );
    expect(asked.filter((target) => target.startsWith('AmazonSSM.'))).toHaveLength(1);
    expect(elsewhere).toEqual([]);
  });

  it.each(STATUSES)('STS with status %i, for the account and for a role', async (status) => {
    const { url, other, elsewhere } = await startRedirecting({ status });
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'A',
      AWS_SECRET_ACCESS_KEY: 's',
    }))
      vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const sentence = `${url} redirects to ${other}/elsewhere (${status}). No redirect is followed. Set AWS_ENDPOINT_URL_STS to ${other}/elsewhere if that is the service's address; else take AWS_ENDPOINT_URL out to call AWS itself in eu-west-1`;
    await expect(connect(undefined)).rejects.toThrow(sentence);
    await expect(connect(undefined, { roleArn: `arn:aws:iam::${ACCOUNT}:role/r` })).rejects.toThrow(sentence);
    expect(elsewhere).toEqual([]);
  });

  it('a redirect without an address', async () => {
    const { url } = await startRedirecting({ status: 302, headers: {} });
    await expect(connect(url)).rejects.toThrow(
      `${url} redirects without saying where (302). No redirect is followed. Correct it, or take it out`,
    );
  });

  it.each<[string, Redirect, string]>([
    [
      'if S3 names the region in its error',
      {
        status: 301,
        headers: { 'content-type': 'application/xml', 'x-amz-bucket-region': 'eu-central-1' },
        body: '<Error><Code>PermanentRedirect</Code><Message>Ask the endpoint.</Message></Error>',
      },
      'PermanentRedirect: Ask the endpoint. The bucket is in eu-central-1: set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to that region.',
    ],
    [
      'if S3 asks for another address for a while',
      {
        status: 307,
        headers: { location: 'https://kept.s3.eu-central-1.amazonaws.com/c', 'x-amz-bucket-region': 'eu-central-1' },
      },
      'redirects to https://kept.s3.eu-central-1.amazonaws.com/c (307). No redirect is followed. The bucket is in eu-central-1: set',
    ],
    [
      'if a store or a proxy has moved',
      { status: 308, headers: { location: 'https://store.example.com/' } },
      "redirects to https://store.example.com (308). No redirect is followed. Set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to the bucket's region, or AWS_ENDPOINT_URL_S3 to https://store.example.com if that is the store's address; and look for a proxy on the way.",
    ],
    [
      'with an HTML page but no address',
      { status: 302, headers: { 'content-type': 'text/html' }, body: '<html><body>Log in.</body></html>' },
      'redirects without saying where (302). No redirect is followed.',
    ],
  ])('a bucket, %s', async (_, redirect, sentence) => {
    const { url } = await startRedirecting(redirect);
    const environment = {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: 'A',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_REGION: 'eu-west-1',
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { signal } = new AbortController();
    const bucket = connectBucket({ now: () => new Date(), signal }, { bucket: 'kept', prefix: '' });
    onTestFinished(bucket.close);
    await expect(bucket.put('c', 'note')).rejects.toThrow(sentence);
  });
});

it.each<[string, string | null, string | undefined]>([
  ['an address of the same host', '/add-checkpoint', 'http://witness.example.com/add-checkpoint'],
  ['a secret', 'https://user:secret@other.example.com/a?token=secret#b', 'https://other.example.com/a'],
  ['only a host', 'https://other.example.com', 'https://other.example.com'],
  ['a long address', `https://other.example.com/${'x'.repeat(1000)}`, `https://other.example.com/${'x'.repeat(174)}`],
  ['an escape', 'https://other.example.com/\u009b2J', 'https://other.example.com/%C2%9B2J'],
  ['a script', 'javascript:alert(1)', undefined],
  ['a text that is not an address', 'http://[', undefined],
  ['an empty header', '', undefined],
  ['a missing header', null, undefined],
])('where a redirect points is shown without secrets and without control characters: %s', (_, location, shown) => {
  expect(redirectTarget(location, 'http://witness.example.com/w1/add-checkpoint')).toBe(shown);
});
