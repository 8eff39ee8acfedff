import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { knowTests } from '../on-test-end.ts';
import { ACCOUNT, REGION, start, startSetting } from './run-cli.ts';

knowTests();

describe.concurrent('demo', () => {
  test('collects three accounts over HTTP and ends with a summary whose query runs', async () => {
    const setting = await startSetting();
    const file = join(setting.folder, 'demo.db');
    const { code, out, err } = await start(setting, ['demo', '--exit', '--invocations', '900', '--db', file]).ended;
    expect(err).toContain('A synthetic Run Command service with 3 accounts listens on http://127.0.0.1:');
    expect(code).toBe(0);
    for (const place of ['111122223333 eu-west-1', '444455556666 us-east-1', '777788889999 ap-southeast-2']) {
      expect(out).toMatch(new RegExp(`${place} +\\d+`));
      expect(out).toMatch(new RegExp(`${place}: 20.+Z to 20.+Z; 0 gaps`));
    }
    expect(out).toMatch(
      /\d+ invocations with [\d,]+ steps and [\d,]+ distinct outputs in \d+s: [\d.]+ MiB, [\d,]+ bytes an invocation\./,
    );
    const query = /"(SELECT[^"]+)"/.exec(out)?.[1] ?? '';
    const db = openArchive(file);
    expect(db.sqlite.prepare(query).all().length).toBeGreaterThan(0);
    expect(db.sqlite.prepare('SELECT count(DISTINCT account_id) FROM invocations').pluck().get()).toBe(3);
    db.close();
  });

  test('never removes a file that it has not made', async () => {
    const setting = await startSetting();
    const { code, err } = await start(setting, ['demo', '--exit', '--db', join(setting.folder, 'precious.db')]).ended;
    expect(code).toBe(2);
    expect(err).toContain('name must begin with "demo"');
  });
});

describe.concurrent('after a pass', () => {
  test('the commands status, coverage and doctor show the archive and say that all is well', async () => {
    const setting = await startSetting({ invocations: 300 });
    expect((await start(setting, ['ingest', '--json']).ended).code).toBe(0);
    const status = await start(setting, ['status', '--json']).ended;
    expect(status.code).toBe(0);
    const { invocations, sources, lastRun, uncollectedSoonForgotten } = JSON.parse(status.out);
    expect(sources).toMatchObject([
      { accountId: ACCOUNT, region: REGION, alias: 'default', lastOutcome: 'complete', invocations },
    ]);
    expect(lastRun).toMatchObject({ id: 1, outcome: 'complete' });
    expect(uncollectedSoonForgotten).toEqual([]);
    const coverage = await start(setting, ['coverage', '--json']).ended;
    expect(coverage.code).toBe(0);
    expect(JSON.parse(coverage.out)).toMatchObject([
      { accountId: ACCOUNT, region: REGION, isComplete: true, gaps: [] },
    ]);
    const doctor = await start(setting, ['doctor']).ended;
    expect(doctor.out).toContain('All is well.');
    expect(doctor.code).toBe(0);
  });

  test('the command doctor names a missing permission and a wrong clock, and exits with code 1', async () => {
    const setting = await startSetting({ faults: { deniedOperations: ['ListCommands'], clockSkewMs: 10 * 60_000 } });
    const { code, out } = await start(setting, ['doctor']).ended;
    expect(out).toMatch(
      /FAILED +default: ssm:ListCommands: AccessDeniedException: .+ Grant ssm:ListCommands on resource \*/,
    );
    expect(out).toMatch(/FAILED +default: clock: The service's clock is \d+ s ahead of this machine's/);
    expect(out).toMatch(/ok +default: ssm:ListCommandInvocations: permitted/);
    expect(code).toBe(1);
  });
});
