import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drawSecret } from '../../../src/access/secret.ts';
import { TOKEN_PREFIX } from '../../../src/access/tokens/token-view.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { until } from '../../until.ts';
import { bareEnvironment, CLI, runCli } from '../run-cli.ts';

const REGION = { AWS_REGION: 'eu-west-1' };
const KEYS = { ...REGION, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' };

/** Starts an HTTP server of the test's own. Returns its address, and a count of the requests that it got. */
async function startServer(answer: RequestListener): Promise<{ url: string; port: number; asked(): number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked: () => asked };
}

const refusing: RequestListener = (_request, response) => {
  response.writeHead(403, { 'content-type': 'text/xml' });
  response.end(
    '<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>',
  );
};

function expectNothing(folder: string, but: string[] = []): void {
  expect(readdirSync(folder).sort()).toEqual(but);
}

describe('a call of `ingest` that fails before its first reply leaves no archive, key or checkpoint', () => {
  it('without credentials, and reports its sources as any pass does', async () => {
    const folder = tempFolder();
    const { exitCode, stdout } = await runCli(folder, ['ingest'], REGION);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^default +- +- +failed/m);
    expect(stdout).toContain('Give credentials: AWS_PROFILE');
    expect(stdout).toContain('before any source had answered: no archive was made, and nothing is recorded.');
    expectNothing(folder);
  });

  it('with a role that every source refuses, and publishes no checkpoint', async () => {
    const folder = tempFolder();
    const { url } = await startServer(refusing);
    const sources = ['111122223333', '444455556666'].map((accountId) => ({
      alias: `of-${accountId}`,
      roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`,
      regions: ['eu-west-1'],
    }));
    writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources }));
    const env = { ...KEYS, AWS_ENDPOINT_URL: url, SSM_ARCHIVE_CHECKPOINT_DIRECTORY: 'published' };
    const { exitCode, stdout } = await runCli(folder, ['ingest', '--json'], env);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      runId: null,
      outcome: 'failed',
      sources: [
        { alias: 'of-111122223333', outcome: 'failed', error: expect.stringContaining('AccessDenied') },
        { alias: 'of-444455556666', outcome: 'failed', error: expect.stringContaining('AccessDenied') },
      ],
    });
    expectNothing(folder, ['archive.yaml']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('even if %s stops it', async (signal) => {
    const folder = tempFolder();
    const silent = await startServer(() => {});
    const env = { ...bareEnvironment(folder), ...KEYS, AWS_ENDPOINT_URL: silent.url };
    const child = spawn(process.execPath, [CLI, 'ingest'], { cwd: folder, env, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await until(() => silent.asked() > 0);
    child.kill(signal);
    expect(await ended).toEqual([1, null]);
    expectNothing(folder);
  });

  it('unless one source answers, whatever the others do', async () => {
    const folder = tempFolder();
    const simulator = await startSimulatorFor(folder);
    const { url } = await startServer((request, response) => void forward(simulator, request, response));
    const { exitCode, stdout } = await runCli(folder, ['ingest'], { ...KEYS, AWS_ENDPOINT_URL: url });
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/Pass 1 ended with failures: [1-9]/)]);
    expect(existsSync(join(folder, 'data', 'archive.db'))).toBe(true);
  });
});

/** Starts a simulator of one account, and configures that account and another that the simulator does not have. */
async function startSimulatorFor(folder: string): Promise<string> {
  const { startSimulator } = await import('../../../src/simulator/start-simulator.ts');
  const simulator = await startSimulator({
    accounts: [{ accountId: '111122223333', regions: ['eu-west-1'] }],
    invocations: 20,
  });
  onTestFinished(() => simulator.close());
  const sources = ['111122223333', '999999999999'].map((accountId) => ({
    alias: `of-${accountId}`,
    roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`,
    regions: ['eu-west-1'],
  }));
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources }));
  return simulator.url;
}

/** Passes on requests, except requests of the account that the simulator does not have. */
async function forward(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString();
  if (body.includes('999999999999')) return void refusing(request, response);
  const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
  const reply = await fetch(url + request.url, { method: 'POST', body, headers: headers as Record<string, string> });
  response.writeHead(reply.status, { 'content-type': String(reply.headers.get('content-type')) });
  response.end(Buffer.from(await reply.arrayBuffer()));
}

describe('a start of `serve` that is refused leaves no archive, key, auth.db or access.db', () => {
  it('on a port that is taken', async () => {
    const folder = tempFolder();
    const { port } = await startServer(() => {});
    const { exitCode, stderr } = await runCli(folder, ['serve'], { ...REGION, SSM_ARCHIVE_PORT: String(port) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expectNothing(folder);
  });

  it.each([
    ['an address that others reach, without a token', { SSM_ARCHIVE_HOST: '0.0.0.0' }, 'there is no token yet to keep'],
    [
      'a text that is not an address',
      { SSM_ARCHIVE_HOST: '203.0.113.7', SSM_ARCHIVE_TOKEN_FILE: 'token' },
      "can't listen",
    ],
    ['a token file that does not exist', { SSM_ARCHIVE_TOKEN_FILE: 'nowhere' }, 'there is no such file'],
    ['a token file without a token', { SSM_ARCHIVE_TOKEN_FILE: 'empty' }, 'it is empty'],
    ['a setting that does not exist', { SSM_ARCHIVE_SCHEDULE: 'often' }, 'The configuration has faults'],
  ])('because of %s', async (_what, env, sentence) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'token'), drawSecret(TOKEN_PREFIX, randomBytes).text);
    writeFileSync(join(folder, 'empty'), '');
    const { exitCode, stderr } = await runCli(folder, ['serve'], { ...REGION, SSM_ARCHIVE_PORT: '0', ...env });
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
    expectNothing(folder, ['empty', 'token']);
  });
});

describe('a demo that cannot serve, or is stopped before it collects', () => {
  it('leaves nothing if its port is taken', async () => {
    const folder = tempFolder();
    const { port } = await startServer(() => {});
    const { exitCode, stderr } = await runCli(folder, ['demo'], { SSM_ARCHIVE_PORT: String(port) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expectNothing(folder);
  });

  it('leaves nothing if others can reach its address', async () => {
    const folder = tempFolder();
    const { exitCode } = await runCli(folder, ['demo'], { SSM_ARCHIVE_HOST: '0.0.0.0' });
    expect(exitCode).toBe(2);
    expectNothing(folder);
  });

  it('keeps the archive of the last demo unchanged if it is stopped while it starts its service', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'data'));
    const first = await runCli(folder, ['demo', '--exit', '--invocations', '50']);
    expect(first.exitCode).toBe(0);
    const before = readdirSync(join(folder, 'data'));
    const child = spawn(process.execPath, [CLI, 'demo', '--exit', '--invocations', '400000'], {
      ...{ cwd: folder, env: bareEnvironment(folder), stdio: 'ignore' },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
    expect(readdirSync(join(folder, 'data'))).toEqual(before);
  });
});
