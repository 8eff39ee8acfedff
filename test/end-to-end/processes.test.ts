import { describe, expect, test } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { expectEqualToService } from '../ingest/expect-equal.ts';
import { knowTests } from '../on-test-end.ts';
import { until } from '../until.ts';
import { ACCOUNT, REGION, start, startSetting } from './run-cli.ts';

knowTests();

/** A pass takes some seconds, and mostly waits. */
const SLOW = { slowRate: 1, slowMs: 200 };

describe.concurrent('ingest, as a process', () => {
  test('leaves only whole replies in the archive if it is killed at any moment, and the next pass loses nothing and repeats little', async () => {
    const setting = await startSetting({ invocations: 2000, longShare: 0, rollingShare: 0, faults: SLOW });
    const { simulator } = setting;
    for (const pages of [1, 8, 20]) {
      const before = simulator.stats.pages;
      const { child, ended } = start(setting, ['ingest', '--json']);
      await until(() => simulator.stats.pages - before >= pages);
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      const db = openArchive(setting.archive);
      expect(db.sqlite.prepare('PRAGMA integrity_check').pluck().get()).toBe('ok');
      const halves = db.sqlite
        .prepare('SELECT count(*) FROM invocations WHERE id NOT IN (SELECT invocation_id FROM revisions)')
        .pluck()
        .get();
      expect(halves).toBe(0);
      db.close();
    }
    simulator.faults.slowRate = 0;
    const { code, out } = await start(setting, ['ingest', '--json']).ended;
    expect(code).toBe(0);
    const { sources } = JSON.parse(out);
    const db = openArchive(setting.archive);
    const rows = expectEqualToService(db, simulator, ACCOUNT, REGION);
    expect(sources[0].rowsAdded).toBeLessThan(rows);
    expect(db.sqlite.prepare("SELECT count(*) FROM runs WHERE outcome = 'interrupted'").pluck().get()).toBe(3);
    db.close();
  });

  test('names the other process and exits with code 1 if another process collects into the same file', async () => {
    const setting = await startSetting({ invocations: 800, faults: { slowRate: 1, slowMs: 1500 } });
    const first = start(setting, ['ingest', '--json']);
    await until(() => setting.simulator.stats.pages > 3);
    const second = await start(setting, ['ingest']).ended;
    setting.simulator.faults.slowRate = 0;
    expect(second.code).toBe(1);
    expect(second.err).toMatch(
      new RegExp(`^Another pass is collecting into this archive: process ${first.child.pid} on .+ Nothing was done\\.`),
    );
    expect((await first.ended).code).toBe(0);
    const db = openArchive(setting.archive);
    expectEqualToService(db, setting.simulator, ACCOUNT, REGION);
    db.close();
  });

  test('ends after the replies in flight if SIGINT interrupts it, says that it was interrupted, and exits with code 1', async () => {
    const setting = await startSetting({ invocations: 1000, faults: SLOW });
    const { child, ended } = start(setting, ['ingest']);
    await until(() => setting.simulator.stats.pages > 5);
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect(code).toBe(1);
    expect(err).toContain('Stopping after the replies in flight');
    expect(out).toContain('was interrupted');
  });

  test('fails with a sentence, not a stack trace, if no service answers', async () => {
    const setting = await startSetting();
    setting.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:9';
    const { code, out, err } = await start(setting, ['ingest']).ended;
    expect(code).toBe(1);
    expect(out + err).toMatch(/The service at http:\S+ can't be reached/);
    expect(out + err).not.toMatch(/\n\s+at /);
  }, 90_000);
});

describe.concurrent('serve, as a process', () => {
  test('collects at once, answers /healthz and /readyz, and stops cleanly on SIGTERM', async () => {
    const setting = await startSetting({ invocations: 300 });
    Object.assign(setting.env, { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' });
    const { child, ended, errors } = start(setting, ['serve']);
    await until(() => errors().includes('"Collected."'));
    const url = /"url":"([^"]+)"/.exec(errors())?.[1] ?? '';
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const missing = await fetch(`${url}/nothing`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    child.kill('SIGTERM');
    const { code, err } = await ended;
    expect(code).toBe(0);
    expect(err).toContain('Stopped.');
    const db = openArchive(setting.archive);
    expectEqualToService(db, setting.simulator, ACCOUNT, REGION);
    db.close();
  });

  test('stops a running pass after the replies in flight', async () => {
    const setting = await startSetting({ invocations: 1000, faults: SLOW });
    Object.assign(setting.env, { SSM_ARCHIVE_PORT: '0' });
    const { child, ended } = start(setting, ['serve']);
    await until(() => setting.simulator.stats.pages > 5);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    const db = openArchive(setting.archive);
    expect(db.sqlite.prepare('SELECT outcome FROM runs').pluck().all()).toEqual(['interrupted']);
    db.close();
  });
});
