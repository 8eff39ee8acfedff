import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';
import { isAlive } from '../../src/lib/process/is-alive.ts';
import { type Setting, startSetting } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { askForPass, beginToFollow } from './passes/follow-pass.ts';

interface Serving {
  server: ChildProcess;
  url: string;
  /** The process that collects. */
  collector: number;
  db: ArchiveDb;
  ended: Promise<number | null>;
}

/**
 * Starts the built server in a process group of its own, as a terminal does, and waits until it is in the middle of a
 * pass.
 */
async function serveWithinPass(setting: Setting): Promise<Serving> {
  const server = spawn(process.execPath, ['dist/cli.js', 'serve'], {
    env: { ...setting.env, SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  onTestFinished(() => {
    server.kill('SIGKILL');
  });
  let errors = '';
  server.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => server.on('exit', resolve));
  await until(() => setting.simulator.stats.pages > 5);
  const db = openArchive(setting.archive);
  onTestFinished(() => db.close());
  const collector = Number(db.sqlite.prepare("SELECT pid FROM leases WHERE name = 'collect'").pluck().get());
  return { server, url: /"url":"([^"]+)"/.exec(errors)?.[1] ?? '', collector, db, ended };
}

/** Expects that the pass ended as interrupted, nothing is half written, and the lease is free. */
function expectWhole({ sqlite }: ArchiveDb): void {
  expect(sqlite.prepare('SELECT outcome FROM runs').pluck().all()).toEqual(['interrupted']);
  expect(sqlite.prepare("SELECT count(*) FROM sweeps WHERE outcome = 'running'").pluck().get()).toBe(0);
  expect(sqlite.prepare('PRAGMA integrity_check').pluck().get()).toBe('ok');
  const halves =
    'SELECT count(*) FROM invocations WHERE id NOT IN (SELECT invocation_id FROM revisions) OR first_seen_at IS NULL';
  expect(sqlite.prepare(halves).pluck().get()).toBe(0);
  expect(sqlite.prepare('SELECT count(*) FROM invocations').pluck().get()).toBeGreaterThan(0);
  expect(sqlite.prepare("SELECT count(*) FROM leases WHERE name = 'collect'").pluck().get()).toBe(0);
}

const startSlow = () => startSetting({ invocations: 1000, faults: { slowRate: 1, slowMs: 300 } });

describe('a server that is ended during a pass', () => {
  it('by SIGTERM ends the pass after the replies in flight, and its followers get its last event', async () => {
    const { server, url, collector, db, ended } = await serveWithinPass(await startSlow());
    const { events } = await beginToFollow(url, (await askForPass(url)).pass.id);
    server.kill('SIGTERM');
    expect((await events).at(-1)).toMatchObject({ event: 'end', view: { state: 'interrupted' } });
    expect(await ended).toBe(0);
    expect(isAlive(collector)).toBe(false);
    expectWhole(db);
  });

  it('by Ctrl-C, which a terminal sends to the whole process group, keeps only whole replies and exits with code 0', async () => {
    const { server, collector, db, ended } = await serveWithinPass(await startSlow());
    process.kill(-Number(server.pid), 'SIGINT');
    expect(await ended).toBe(0);
    expect(isAlive(collector)).toBe(false);
    expectWhole(db);
  });

  it('by SIGKILL also ends its collector, but only after the replies in flight', async () => {
    const { server, collector, db, ended } = await serveWithinPass(await startSlow());
    server.kill('SIGKILL');
    await ended;
    await until(() => !isAlive(collector));
    expectWhole(db);
  });
});

it('a collector ends its pass as interrupted if it gets SIGTERM, which a service manager sends to all processes', async () => {
  const { server, url, collector, db, ended } = await serveWithinPass(await startSlow());
  const { events } = await beginToFollow(url, (await askForPass(url)).pass.id);
  process.kill(collector, 'SIGTERM');
  expect((await events).at(-1)?.view.state).toBe('interrupted');
  expectWhole(db);
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
});
