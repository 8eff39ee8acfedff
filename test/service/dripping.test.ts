import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { isAlive } from '../../src/lib/process/is-alive.ts';
import { STOP_SIGNALS } from '../../src/lib/process/stop-signals.ts';
import { type OnEnd, type Setting, start as startCommand, startSetting } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { startDrippingServer } from '../upstream/dripping-server.ts';
import { childrenOf } from './processes.ts';

/** Far longer than a stop takes, and far shorter than a reply that comes byte by byte. */
const SOON_MS = 15_000;
const DRIPPING = ['ListCommandInvocations', 'ListCommands'];

const COMMAND = [process.execPath, 'dist/cli.js'];

// The tests mostly wait, so they run at the same time. Each test ends what it starts, in a hook of its own.

function start(setting: Setting, args: string[], onEnd: OnEnd) {
  return startCommand(setting, args, COMMAND, onEnd);
}

/** Starts a slow service. `untilItDrips` later makes it send its replies byte by byte. */
async function startDripping(onEnd: OnEnd): Promise<Setting> {
  const setting = await startSetting({ invocations: 1000, faults: { slowRate: 1, slowMs: 100 } }, onEnd);
  Object.assign(setting.env, { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' });
  return setting;
}

/**
 * Waits until a pass has read some replies, and then until it waits for a reply that comes byte by byte. Returns the id
 * of the process that collects.
 */
async function untilItDrips({ simulator, archive }: Setting): Promise<number> {
  await until(() => simulator.stats.pages > 5);
  Object.assign(simulator.faults, { drippingOperations: DRIPPING, dripMs: 200 });
  await until(() => simulator.stats.drips > 0);
  return Number(ask(archive, "SELECT pid FROM leases WHERE name = 'collect'"));
}

function ask(archive: string, sql: string): unknown {
  const { sqlite, close } = openArchive(archive);
  try {
    return sqlite.prepare(sql).pluck().get();
  } finally {
    close();
  }
}

/** Expects that the pass ended as interrupted with what it had collected, and that the lease is free. */
function expectReleased({ archive }: Setting): void {
  expect(ask(archive, 'SELECT group_concat(outcome) FROM runs')).toBe('interrupted');
  expect(ask(archive, "SELECT count(*) FROM sweeps WHERE outcome = 'running'")).toBe(0);
  expect(ask(archive, 'SELECT count(*) FROM invocations')).toBeGreaterThan(0);
  expect(ask(archive, "SELECT count(*) FROM leases WHERE name = 'collect'")).toBe(0);
}

async function soon<T>(ending: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`The process did not end within ${SOON_MS} ms.`)), SOON_MS);
    void ending.then(() => clearTimeout(timer));
  });
  return Promise.race([ending, late]);
}

describe.concurrent.each(STOP_SIGNALS)('%s, while the service sends a reply byte by byte,', (signal) => {
  it('ends `ingest` within seconds with exit code 1, keeps what was collected, and leaves no lease', async ({
    onTestFinished: onEnd,
  }) => {
    const setting = await startDripping(onEnd);
    const { child, ended } = start(setting, ['ingest'], onEnd);
    await untilItDrips(setting);
    child.kill(signal);
    const { code, out } = await soon(ended);
    expect(out).toContain('was interrupted');
    expect(code).toBe(1);
    expectReleased(setting);
  });

  it('ends `serve` and its collector within seconds with exit code 0, and leaves no lease', async ({
    onTestFinished: onEnd,
  }) => {
    const setting = await startDripping(onEnd);
    const { child, ended, errors } = start(setting, ['serve'], onEnd);
    const collector = await untilItDrips(setting);
    child.kill(signal);
    expect((await soon(ended)).code).toBe(0);
    expect(errors()).toContain('"Stopped."');
    expect(isAlive(collector)).toBe(false);
    expectReleased(setting);
  });
});

it.concurrent('a collector ends its pass as interrupted if only the collector gets SIGHUP, which a service manager sends to all processes', async ({
  onTestFinished: onEnd,
}) => {
  const setting = await startDripping(onEnd);
  const { child, ended, errors } = start(setting, ['serve'], onEnd);
  const collector = await untilItDrips(setting);
  process.kill(collector, 'SIGHUP');
  await until(() => !isAlive(collector), SOON_MS);
  expectReleased(setting);
  expect(errors()).not.toContain('ended early');
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

it.concurrent('reading processes ignore stop signals, because the server ends them', async ({
  onTestFinished: onEnd,
}) => {
  const setting = await startDripping(onEnd);
  const { child, ended } = start(setting, ['serve'], onEnd);
  const collector = await untilItDrips(setting);
  const readers = childrenOf(Number(child.pid)).filter((pid) => pid !== collector);
  expect(readers.length).toBeGreaterThan(0);
  for (const pid of readers) for (const signal of STOP_SIGNALS) process.kill(pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(readers.filter(isAlive)).toEqual(readers);
  child.kill('SIGTERM');
  await soon(ended);
  expect(readers.filter(isAlive)).toEqual([]);
});

describe.concurrent('SIGTERM', () => {
  it.for([
    ['doctor', DRIPPING],
    ['reconcile', DRIPPING],
    ['doctor', ['GetCallerIdentity']],
    ['ingest', ['GetCallerIdentity']],
  ] as const)(
    'ends `%s` within seconds, with exit code 1, while replies to %j come byte by byte',
    async ([command, operations], context) => {
      const onEnd = context.onTestFinished;
      const setting = await startSetting({ invocations: 100 }, onEnd);
      expect((await start(setting, ['ingest'], onEnd).ended).code).toBe(0);
      Object.assign(setting.simulator.faults, { drippingOperations: operations, dripMs: 200 });
      const { child, ended } = start(setting, [command], onEnd);
      await until(() => setting.simulator.stats.drips > 0);
      child.kill('SIGTERM');
      expect((await soon(ended)).code).toBe(1);
      expect(ask(setting.archive, "SELECT count(*) FROM leases WHERE name = 'collect'")).toBe(0);
    },
  );

  it('ends `ingest` within seconds while the bucket for checkpoints answers byte by byte, and the pass is complete', async (context) => {
    const onEnd = context.onTestFinished;
    const setting = await startSetting({ invocations: 100 }, onEnd);
    const bucket = await startDrippingServer(['S3'], 200, onEnd);
    const environment = { AWS_ENDPOINT_URL_S3: bucket.url, SSM_ARCHIVE_CHECKPOINT_BUCKET: 's3://kept/audit' };
    Object.assign(setting.env, environment);
    const { child, ended } = start(setting, ['ingest'], onEnd);
    await until(() => bucket.asked.includes('S3'));
    child.kill('SIGTERM');
    const { code, err } = await soon(ended);
    expect(err).toContain('the pass was told to stop before the bucket had answered. The next pass publishes its own');
    expect(code).toBe(0);
    expect(ask(setting.archive, 'SELECT group_concat(outcome) FROM runs')).toBe('complete');
    expect(ask(setting.archive, "SELECT count(*) FROM leases WHERE name = 'collect'")).toBe(0);
  });
});

/** `script` starts a process on a terminal of its own, which hangs up when `script` is killed. */
describe.runIf(process.platform === 'linux')('a terminal that hangs up', () => {
  it.concurrent.for(['ingest', 'serve'])(
    'while `%s` writes to it ends the pass as SIGTERM does',
    async (command, { onTestFinished: onEnd }) => {
      const setting = await startDripping(onEnd);
      const inTerminal = ['script', '-qfec', `exec "${process.execPath}" dist/cli.js ${command}`, '/dev/null'];
      const { child } = startCommand(setting, [], inTerminal, onEnd);
      const collector = await untilItDrips(setting);
      const [main = 0] = childrenOf(Number(child.pid));
      onEnd(() => void (isAlive(main) && process.kill(main, 'SIGKILL')));
      child.kill('SIGKILL');
      await until(() => !isAlive(main) && !isAlive(collector), SOON_MS);
      expectReleased(setting);
    },
  );
});

describe.concurrent('without a stop signal', () => {
  it('a source fails at the deadline, with a sentence, if the service sends every reply byte by byte', async ({
    onTestFinished: onEnd,
  }) => {
    const faults = { drippingOperations: DRIPPING, dripMs: 200 };
    const setting = await startSetting({ faults }, onEnd);
    setting.env.SSM_ARCHIVE_CALL_DEADLINE_MS = '200';
    const { code, out, err } = await start(setting, ['ingest'], onEnd).ended;
    expect(out).toContain('The reply was not complete after 0.2 seconds. There were three attempts.');
    expect(out + err).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
    expect(ask(setting.archive, "SELECT count(*) FROM leases WHERE name = 'collect'")).toBe(0);
  });

  it('a source fails with a sentence if its credentials never come, without waiting for the program that should give them', async ({
    onTestFinished: onEnd,
  }) => {
    const setting = await startSetting({}, onEnd);
    const config = join(setting.folder, 'config');
    writeFileSync(config, '[profile slow]\ncredential_process = sleep 40\n');
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = setting.env;
    Object.assign(env, { AWS_PROFILE: 'slow', AWS_CONFIG_FILE: config, SSM_ARCHIVE_CALL_DEADLINE_MS: '200' });
    const { code, out } = await soon(start({ ...setting, env }, ['ingest'], onEnd).ended);
    expect(out).toContain('No credentials came within 0.2 seconds.');
    expect(code).toBe(1);
  });
});
