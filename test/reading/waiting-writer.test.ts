import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../db/temp-archive.ts';
import { type Running, type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { modeOf } from './reading-trial.ts';

const FLEET = { invocations: 300, longShare: 0, rollingShare: 0 };
const ROLLBACK = [1, 1];

async function stoppedArchive(): Promise<Setting> {
  const setting = await startSetting(FLEET);
  expect((await start(setting, ['ingest']).ended).code).toBe(0);
  expect(modeOf(setting.archive)).toEqual(ROLLBACK);
  return setting;
}

/**
 * A verification of a stopped archive that takes as long as the test wants: its child processes wait until the test
 * tells them to begin.
 */
function longVerify(setting: Setting): { running: Running; goOn(): void } {
  const go = join(tempFolder(), 'go');
  const held = `
    import { existsSync } from 'node:fs';
    const until = () => existsSync(${JSON.stringify(go)}) || !process.connected;
    if (process.argv[1].includes('verifier'))
      while (!until()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);`;
  const module = `data:text/javascript,${encodeURIComponent(held)}`;
  const running = start(setting, ['verify'], [process.execPath, '--import', module, 'dist/cli.js']);
  onTestFinished(() => writeFileSync(go, ''));
  return { running, goOn: () => writeFileSync(go, '') };
}

/** Whether a process has a read lock of SQLite on the file. */
function isLocked(path: string): boolean {
  return new RegExp(`READ +\\d+ \\S+:${statSync(path).ino} `).test(readFileSync('/proc/locks', 'utf8'));
}

describe.skipIf(process.platform !== 'linux')(
  'a command that writes while a stopped archive is being read (needs Linux, which shows locks)',
  () => {
    it('waits and names the reading process, so the command ingest is late during a long verification, but does not fail', async () => {
      const setting = await stoppedArchive();
      const { running, goOn } = longVerify(setting);
      await until(() => isLocked(setting.archive));
      const ingest = start(setting, ['ingest']);
      await until(() => ingest.errors().includes('Waiting until that has ended'));
      expect(ingest.errors()).toMatch(new RegExp(`is being read by process ${running.child.pid} \\(.*\\)\\. Waiting`));
      expect(modeOf(setting.archive)).toEqual(ROLLBACK);
      goOn();
      const verified = await running.ended;
      expect([verified.code, verified.out]).toEqual([0, expect.stringMatching(/^INTACT/)]);
      const pass = await ingest.ended;
      expect([pass.code, pass.out]).toEqual([0, expect.stringMatching(/^Pass 2 is complete/m)]);
      expect(modeOf(setting.archive)).toEqual(ROLLBACK);
    });

    it('waits for a SQL query too, and a hold is placed once the query has ended', async () => {
      const setting = await stoppedArchive();
      const forever =
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) + (SELECT max(id) FROM invocations) FROM n';
      const query = start(setting, ['sql', '--timeout', '600', forever]);
      await until(() => isLocked(setting.archive));
      const hold = start(setting, ['hold', 'place', '--everything', '--reason', 'why', '--by', 'me']);
      await until(() => hold.errors().includes('Waiting until that has ended'));
      query.child.kill('SIGTERM');
      await query.ended;
      expect(await hold.ended).toMatchObject({ code: 0, out: expect.stringMatching(/^Hold 1 is placed/) });
    });

    it('waits if it is the command serve: the server starts once the verification has ended, and a stop signal ends the waiting', async () => {
      const setting = await stoppedArchive();
      const env = { ...setting.env, SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' };
      const { running, goOn } = longVerify(setting);
      await until(() => isLocked(setting.archive));
      const stopped = start({ ...setting, env }, ['serve']);
      await until(() => stopped.errors().includes('Waiting until that has ended'));
      stopped.child.kill('SIGTERM');
      expect((await stopped.ended).code).toBe(0);
      const access = { SSM_ARCHIVE_ACCESS_DB: join(setting.folder, 'other.db') };
      const server = start({ ...setting, env: { ...env, ...access } }, ['serve']);
      await until(() => server.errors().includes('Waiting until that has ended'));
      expect(server.errors()).not.toContain('Serving.');
      goOn();
      expect((await running.ended).code).toBe(0);
      await until(() => server.errors().includes('Collected.'));
      server.child.kill('SIGTERM');
      expect((await server.ended).code).toBe(0);
      expect(modeOf(setting.archive)).toEqual(ROLLBACK);
    });
  },
);
