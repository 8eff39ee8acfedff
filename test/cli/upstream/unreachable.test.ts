import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Running, type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { onTerminal } from '../looks/on-terminal.ts';

/** The time within which a command must print something after its start. */
const SOON_MS = 5000;

function portOf(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => open.add(socket));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const page = (status: number) =>
  createHttpServer((_, response) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
  );

/** Endpoints that do not answer, each in its own way, and what must be said about each. */
const ENDPOINTS: [string, () => Promise<string>, RegExp][] = [
  ['refuses connections', async () => `http://127.0.0.1:${await closedPort()}`, /ECONNREFUSED/],
  ['has a name that nobody knows', async () => 'http://endpoint.invalid', /host name can't be found/],
  [
    'accepts requests and never answers',
    async () => `http://127.0.0.1:${await portOf(createServer(() => {}))}`,
    /nothing has come back/,
  ],
  ['speaks no TLS', async () => `https://127.0.0.1:${await portOf(page(200))}`, /TLS with it failed/],
  [
    'closes each connection',
    async () => `http://127.0.0.1:${await portOf(createServer((socket) => socket.destroy()))}`,
    /closed the connection/,
  ],
  ['is a proxy that sends an error page', async () => `http://127.0.0.1:${await portOf(page(503))}`, /status 503/],
  ['is a proxy that sends a login page', async () => `http://127.0.0.1:${await portOf(page(200))}`, /text\/html/],
];

async function settingAt(endpoint: string): Promise<Setting> {
  const setting = await startSetting({ invocations: 10 });
  Object.assign(setting.env, { AWS_ENDPOINT_URL: endpoint, SSM_ARCHIVE_PORT: '0', AWS_EC2_METADATA_DISABLED: 'true' });
  return setting;
}

/** Waits until the command has printed these words. Fails if it does not print them in time. */
/** How long three processes take to start here and now: on a machine that runs other tests too, some seconds. */
async function timeOfStart(setting: Setting): Promise<number> {
  const startedAt = performance.now();
  expect((await start(setting, ['--version']).ended).code).toBe(0);
  return 3 * (performance.now() - startedAt);
}

async function saidWithin(
  { child, errors, ended }: Running,
  said: () => string,
  words: RegExp[],
  busyMs = 0,
): Promise<void> {
  const startedAt = performance.now();
  let isOver = false;
  const over = ended.then(() => {
    isOver = true;
  });
  const has = () => words.every((each) => each.test(said()));
  while (!has() && !isOver && performance.now() - startedAt < SOON_MS + busyMs)
    await new Promise((wait) => setTimeout(wait, 20));
  if (isOver) await over;
  expect(has(), `after ${Math.round(performance.now() - startedAt)} ms: ${said() || errors()}`).toBe(true);
  child.kill('SIGKILL');
}

function withOut(running: Running): () => string {
  let out = '';
  running.child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  return () => out + running.errors();
}

// On a machine that runs other tests at the same time, the start of three processes alone may take this long.
const BUSY = { retry: 2 };

describe.each(ENDPOINTS)('an endpoint that %s', BUSY, (_name, endpointOf, reason) => {
  it.each(['ingest', 'doctor', 'serve'])('is named within five seconds by %s, with the reason', async (command) => {
    const endpoint = await endpointOf();
    const setting = await settingAt(endpoint);
    const busyMs = await timeOfStart(setting);
    const running = start(setting, [command]);
    await saidWithin(running, withOut(running), [new RegExp(endpoint.replaceAll('.', '\\.')), reason], busyMs);
  });
});

it('an endpoint that does not answer is named by `reconcile` too, and by an `ingest` into an existing archive', async () => {
  const setting = await settingAt('http://127.0.0.1:1');
  expect((await start(setting, ['init']).ended).code).toBe(0);
  for (const command of ['reconcile', 'ingest']) {
    const running = start(setting, [command]);
    await saidWithin(running, withOut(running), [/Warning: .*http:\/\/127\.0\.0\.1:1 has not answered/]);
  }
});

it.runIf(process.platform === 'linux')(
  'an endpoint that does not answer is named in a sentence on a terminal, and Ctrl-C ends the waiting',
  async () => {
    const { folder, env } = await settingAt(`http://127.0.0.1:${await portOf(createServer(() => {}))}`);
    const terminal = onTerminal(['ingest'], { folder, columns: 80, env });
    await terminal.shows(/Warning: default: http:\/\/127\.0\.0\.1:\d+ has not answered for \d seconds?/, SOON_MS);
    terminal.interrupt();
    expect(await terminal.ended).toBe(1);
    expect(terminal.text()).toContain('interrupted');
  },
);

it.each([['sql', 'SELECT 1'], ['report'], ['report', 'what-ran']])(
  '%s --url warns about a server that never answers, and reports a server that does not exist at once',
  BUSY,
  async (...call) => {
    const setting = await settingAt('http://127.0.0.1:1');
    const silent = `http://127.0.0.1:${await portOf(createServer(() => {}))}`;
    const running = start(setting, [...call, '--url', silent]);
    await saidWithin(running, withOut(running), [new RegExp(`Warning: ${silent} has received the question`)]);
    const closed = start(setting, [...call, '--url', `http://127.0.0.1:${await closedPort()}`]);
    expect((await closed.ended).code).toBe(1);
    expect(closed.errors()).toContain('Nothing listens at http://127.0.0.1:');
  },
);
