import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AwsOverride, SourceConfig } from '../../src/config/config.ts';
import { OUTGOING } from '../../src/upstream/calls/outgoing.ts';
import { connectBucket } from '../../src/upstream/connect-bucket.ts';
import { connectSource } from '../../src/upstream/connect-source.ts';
import { createPacer } from '../../src/upstream/create-pacer.ts';
import { CallLate, CredentialsLate, Interrupted } from '../../src/upstream/errors.ts';
import { postCheckpoint } from '../../src/upstream/post-checkpoint.ts';
import { ACCOUNT, startDrippingServer } from './dripping-server.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/ssm-archive`;
const now = () => new Date();

interface Bounds {
  signal: AbortSignal;
  callDeadlineMs?: number;
  graceMs?: number;
}

function connect(
  bounds: Bounds,
  aws: AwsOverride | undefined,
  config: Partial<SourceConfig> = {},
  counts = { calls: 0, throttles: 0, faults: 0 },
) {
  const pacer = createPacer({ monotonicMs: () => performance.now(), random: () => 0, signal: bounds.signal });
  const deps = { now, pacer, counts, aws, ...bounds };
  return connectSource(deps, { alias: 'default', regions: [], ...config }, 'eu-west-1');
}

/** Sets an environment in which nothing except these variables provides credentials. */
function onlyThese(environment: Record<string, string>): void {
  const none = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_EC2_METADATA_DISABLED'];
  for (const name of none) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Each kind of outgoing call, to a peer that sends its reply byte by byte. */
const KINDS: Record<string, (bounds: Bounds) => Promise<unknown>> = {
  async 'a listing of SSM'(bounds) {
    const { url } = await startDrippingServer(['SSM']);
    const source = await connect(bounds, awsOf(url));
    return source.listCommandInvocations({}, { calls: 0, throttles: 0, faults: 0 });
  },
  async 'the account id from STS'(bounds) {
    const { url } = await startDrippingServer(['GetCallerIdentity']);
    return connect(bounds, awsOf(url));
  },
  async 'a role from STS'(bounds) {
    const { url } = await startDrippingServer(['AssumeRole']);
    return connect(bounds, awsOf(url), { roleArn: ROLE });
  },
  async "credentials by a pod's or a workflow's identity"(bounds) {
    const { url } = await startDrippingServer(['AssumeRole']);
    const token = join(tempFolder(), 'token');
    writeFileSync(token, 'token');
    onlyThese({ AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE, AWS_ENDPOINT_URL_STS: url });
    return connect(bounds, undefined);
  },
  async 'credentials of a container'(bounds) {
    const { url } = await startDrippingServer(['credentials']);
    onlyThese({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials` });
    return connect(bounds, undefined);
  },
  async 'credentials of a machine'(bounds) {
    const { url } = await startDrippingServer(['credentials', 'S3']);
    onlyThese({ AWS_EC2_METADATA_SERVICE_ENDPOINT: url });
    return connect(bounds, undefined);
  },
  async 'credentials of a process'(bounds) {
    const config = join(tempFolder(), 'config');
    writeFileSync(config, '[profile slow]\ncredential_process = sleep 5\n');
    onlyThese({ AWS_PROFILE: 'slow', AWS_CONFIG_FILE: config });
    return connect(bounds, undefined);
  },
  async 'a role with the credentials of a process'(bounds) {
    const config = join(tempFolder(), 'config');
    writeFileSync(config, '[profile slow]\ncredential_process = sleep 5\n');
    onlyThese({ AWS_PROFILE: 'slow', AWS_CONFIG_FILE: config });
    return connect(bounds, undefined, { roleArn: ROLE });
  },
  async 'a checkpoint into a bucket'(bounds) {
    const { url } = await startDrippingServer(['S3']);
    onlyThese({
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: 'A',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_REGION: 'eu-west-1',
    });
    return put(bounds);
  },
  async 'a checkpoint into a bucket, with credentials of a container'(bounds) {
    const { url } = await startDrippingServer(['credentials']);
    onlyThese({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials`, AWS_REGION: 'eu-west-1' });
    return put(bounds);
  },
};

function awsOf(endpoint: string): AwsOverride {
  return { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

function put({ signal, callDeadlineMs: wholeMs, graceMs }: Bounds) {
  const bucket = connectBucket({ now, signal, wholeMs, graceMs }, { bucket: 'kept', prefix: '' });
  return bucket.put('checkpoint-1', 'note').finally(bucket.close);
}

/** Limits each test by itself: a call that never ends would otherwise delay the file's other tests by a minute. */
const PATIENCE = { timeout: 10_000 };

describe('an outgoing call whose peer sends a byte every few milliseconds', () => {
  it.each(Object.entries(KINDS))('ends by its deadline, and the error says so: %s', PATIENCE, async (_, call) => {
    const { signal } = new AbortController();
    const failed = await call({ signal, callDeadlineMs: 150 }).then(String, (error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(String(failed)).toMatch(/was not complete after 0\.15 seconds|No credentials came within 0\.15 seconds/);
  });

  it.each(Object.entries(KINDS))('ends soon after the process is told to stop: %s', PATIENCE, async (_, call) => {
    const stopping = new AbortController();
    const calling = call({ signal: stopping.signal, graceMs: 50 });
    setTimeout(() => stopping.abort(), 200);
    await expect(calling).rejects.toThrow(Interrupted);
  });

  it('ends by its deadline if it goes to a witness, and the error says so', PATIENCE, async () => {
    const { url } = await startDrippingServer(['witness']);
    await expect(postCheckpoint(url, 'old 0\n', { signal: AbortSignal.timeout(150) })).rejects.toThrow(
      'It did not answer in time.',
    );
  });

  it(
    'is tried three times, and each attempt counts as a service fault; a call that was stopped does not count',
    PATIENCE,
    async () => {
      const { url, asked } = await startDrippingServer(['SSM']);
      const stopping = new AbortController();
      const source = await connect({ signal: stopping.signal, callDeadlineMs: 100, graceMs: 10 }, awsOf(url));
      const counts = { calls: 0, throttles: 0, faults: 0 };
      await expect(source.listCommandInvocations({}, counts)).rejects.toThrow(CallLate);
      expect(counts).toEqual({ calls: 3, throttles: 0, faults: 3 });
      expect(asked.filter((kind) => kind === 'SSM')).toHaveLength(3);
      setTimeout(() => stopping.abort(), 20);
      await expect(source.listCommandInvocations({}, counts)).rejects.toThrow(Interrupted);
      expect(counts).toEqual({ calls: 4, throttles: 0, faults: 3 });
    },
  );

  it('is not repeated in the same pass if it is for credentials', PATIENCE, async () => {
    const { url } = await startDrippingServer(['credentials']);
    onlyThese({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials` });
    const { signal } = new AbortController();
    await expect(connect({ signal, callDeadlineMs: 50 }, undefined)).rejects.toThrow(CredentialsLate);
  });
});

describe('an outgoing call whose peer is slow but works', () => {
  it('gets its reply of a megabyte before the deadline, in any number of pieces', async () => {
    const page = JSON.stringify({ CommandInvocations: [{ CommandId: 'c', Comment: 'x'.repeat(1_000_000) }] });
    const server = createServer(async (request, response) => {
      request.resume();
      if (request.headers['x-amz-target'] === undefined) {
        response.setHeader('content-type', 'text/xml');
        const result = `<GetCallerIdentityResult><Account>${ACCOUNT}</Account></GetCallerIdentityResult>`;
        return response.end(`<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`);
      }
      for (let at = 0; at < page.length; at += 100_000) {
        response.write(page.slice(at, at + 100_000));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close().closeAllConnections());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const source = await connect({ signal: new AbortController().signal, callDeadlineMs: 5000 }, awsOf(url));
    const { items } = await source.listCommandInvocations({}, { calls: 0, throttles: 0, faults: 0 });
    expect(items).toHaveLength(1);
  });

  it('has time for a megabyte over a line of 100 kbit a second, unless the settings allow less', () => {
    expect(OUTGOING.aws.wholeMs).toBeGreaterThan((1_000_000 * 8) / 100);
  });
});

it('every file that makes calls takes its deadlines from the one list of outgoing calls', () => {
  const callsOut =
    /\bfetch\(|new (?:\w+Client|NodeHttpHandler)\(|from 'node:https'|from(?:NodeProviderChain|TemporaryCredentials)\(/;
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/^(?:simulator|http\/console\/islands)\//.test(file),
  );
  const found = files.filter((file) => callsOut.test(readFileSync(join('src', file), 'utf8'))).sort();
  // The other files get their deadlines as arguments from connect-bucket, connect-source and ask-witnesses; those of outputs/ make
  // clients, with the handler and the bounds of connect-source.
  // default-region makes no call.
  expect(found).toEqual(
    [
      'calls/bound-credentials',
      'calls/bound-handler',
      'connect-bucket',
      'connect-source',
      'default-region',
      'outputs/connect-outputs',
      'outputs/read-object',
      'post-checkpoint',
    ]
      .map((name) => `upstream/${name}.ts`)
      .concat('cli/sql/send-request.ts', 'lake/store/s3/connect-s3.ts')
      .sort(),
  );
});
