import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { ACCOUNT, REGION, type Setting, startSetting } from '../../end-to-end/run-cli.ts';
import { expectEqualToService } from '../../ingest/expect-equal.ts';
import { knowTests } from '../../on-test-end.ts';
import { until } from '../../until.ts';
import { startServer } from '../start-server.ts';
import { askForPass, beginToFollow, followPass } from './follow-pass.ts';

knowTests();

/** A pass takes some seconds, in which it mostly waits. */
const SLOW = { slowRate: 1, slowMs: 200 };
/** So slow that a pass can't end before the test makes the service fast. */
const HELD = { slowRate: 1, slowMs: 1500 };
const hurry = ({ simulator }: Setting) => {
  simulator.faults.slowRate = 0;
};

/** Returns one value from the archive, through a connection of its own. */
function ask(archive: string, sql: string): unknown {
  const db = openArchive(archive);
  try {
    return db.sqlite.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

const collectorOf = (archive: string) => Number(ask(archive, "SELECT pid FROM leases WHERE name = 'collect'"));

describe.concurrent('a pass of the server', () => {
  it('is started by POST, which gets 409 and the running pass if a pass is running already', async () => {
    const setting = await startSetting({ invocations: 800, faults: HELD });
    const { url } = await startServer(setting);
    const refused = await askForPass(url);
    expect(refused.reply.status).toBe(409);
    expect(refused.reply.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.pass).toMatchObject({ state: 'running', trigger: 'start' });
    expect(refused.detail).toContain(refused.pass.id);
    const { events } = await beginToFollow(url, refused.pass.id);
    hurry(setting);
    expect((await events).at(-1)).toMatchObject({ event: 'end', view: { state: 'complete', runId: 1 } });

    const { reply, pass } = await askForPass(url);
    expect(reply.status).toBe(202);
    expect(reply.headers.get('location')).toBe(`/v1/ingest/${pass.id}`);
    expect(pass).toMatchObject({ state: 'running', trigger: 'api', runId: null, finishedAt: null });
    expect((await followPass(url, pass.id)).at(-1)?.view).toMatchObject({ id: pass.id, state: 'complete', runId: 2 });
    const db = openArchive(setting.archive);
    expectEqualToService(db, setting.simulator, ACCOUNT, REGION);
    db.close();
  });

  it('can be followed by events: its counters only grow, and the last event has what the archive recorded about the pass', async () => {
    const setting = await startSetting({ invocations: 1000, faults: SLOW });
    const { url } = await startServer(setting);
    const events = await followPass(url, (await askForPass(url)).pass.id);
    expect(events.map(({ event }) => event)).toEqual([...events.slice(1).map(() => 'progress'), 'end']);
    const rows = events.map(({ view }) => view.sources[0]?.rowsSeen ?? 0);
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(new Set(rows).size).toBeGreaterThan(3);
    const end = events.at(-1)?.view;
    expect(end).toMatchObject({ state: 'complete', error: null, sources: [{ accountId: ACCOUNT, region: REGION }] });
    expect(end?.sources[0]?.partsEnded).toBe(end?.sources[0]?.partsPlanned);
    expect(end?.sources[0]?.rowsAdded).toBe(ask(setting.archive, 'SELECT rows_added FROM run_sources'));
    expect(await (await fetch(`${url}/v1/ingest/${end?.id}`)).json()).toEqual(end);
  });

  it('writes in a process of its own, which ends with the pass', async () => {
    const setting = await startSetting({ invocations: 500 });
    const { url, logged } = await startServer(setting);
    await followPass(url, (await askForPass(url)).pass.id);
    const pid = Number(String(ask(setting.archive, 'SELECT collector FROM runs')).split(':').at(-1));
    expect(pid).toBeGreaterThan(0);
    expect(pid).not.toBe(process.pid);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(logged.find(({ msg }) => msg === 'Collected.')).toMatchObject({ run: 1, account: ACCOUNT, region: REGION });
  });

  it('fails if its process is killed, but the server still answers, and the next pass collects everything', async () => {
    const setting = await startSetting({ invocations: 1000, longShare: 0, rollingShare: 0, faults: SLOW });
    const { url, logged } = await startServer(setting);
    const { pass } = await askForPass(url);
    const { events } = await beginToFollow(url, pass.id);
    await until(() => setting.simulator.stats.pages > 10);
    process.kill(collectorOf(setting.archive), 'SIGKILL');
    hurry(setting);
    const end = (await events).at(-1);
    expect(end).toMatchObject({ event: 'end', view: { state: 'failed', sources: [{ outcome: 'failed' }] } });
    expect(end?.view.error).toMatch(/^The collector process ended early \(SIGKILL\)\./);
    expect(logged.filter(({ msg }) => msg === end?.view.error)).toHaveLength(1);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    const next = await askForPass(url);
    expect(next.reply.status).toBe(202);
    expect((await followPass(url, next.pass.id)).at(-1)?.view).toMatchObject({ state: 'complete', runId: 2 });
    const db = openArchive(setting.archive);
    expectEqualToService(db, setting.simulator, ACCOUNT, REGION);
    db.close();
  });

  it('is reported as running, and can be followed, if another server runs it on the same archive', async () => {
    const setting = await startSetting({ invocations: 800, faults: HELD });
    const first = await startServer(setting);
    const { pass } = await askForPass(first.url);
    await until(() => setting.simulator.stats.pages > 3);
    const second = await startServer(setting);
    await until(() => second.logged.some(({ msg }) => String(msg).startsWith('Another pass is collecting')));
    const refused = await askForPass(second.url);
    expect(refused.reply.status).toBe(409);
    expect(refused.pass).toMatchObject({ id: 'run-1', runId: 1, state: 'running', trigger: 'elsewhere' });
    const followed = await Promise.all([beginToFollow(first.url, pass.id), beginToFollow(second.url, 'run-1')]);
    hurry(setting);
    const [here = [], there = []] = await Promise.all(followed.map(({ events }) => events));
    const added = here.at(-1)?.view.sources[0]?.rowsAdded;
    expect(there.at(-1)).toMatchObject({ event: 'end', view: { state: 'complete', sources: [{ rowsAdded: added }] } });
    expect((await askForPass(second.url)).reply.status).toBe(202);
  });

  it('ends after the replies in flight if the server stops, and its followers get its last event; no other pass starts', async () => {
    const setting = await startSetting({ invocations: 1000, faults: SLOW });
    const { url, stop } = await startServer(setting);
    const { pass } = await askForPass(url);
    const { events } = await beginToFollow(url, pass.id);
    await until(() => setting.simulator.stats.pages > 5);
    await stop();
    expect((await events).at(-1)).toMatchObject({ event: 'end', view: { state: 'interrupted', error: null } });
    expect(ask(setting.archive, 'SELECT group_concat(outcome) FROM runs')).toBe('interrupted');
    expect(ask(setting.archive, "SELECT count(*) FROM leases WHERE name = 'collect'")).toBe(0);
  });

  it('ends as interrupted, and lists nothing, if it is told to stop before its process has started', async () => {
    const setting = await startSetting({ invocations: 300 });
    const { stop } = await startServer(setting);
    await stop();
    expect(ask(setting.archive, 'SELECT group_concat(outcome) FROM runs')).toBe('interrupted');
    expect(ask(setting.archive, 'SELECT count(*) FROM invocations')).toBe(0);
  });

  it('fails with a sentence if its process cannot be started, and the server still answers', async () => {
    const setting = await startSetting({ invocations: 300 });
    const { url, logged } = await startServer(setting, { path: 'no-such-program.js', execArgv: [] });
    await until(() => logged.some(({ msg }) => /^The collector process ended early \(exit code 1\)/.test(String(msg))));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });
});
