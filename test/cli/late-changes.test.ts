import { describe, expect, it } from 'vitest';
import { saveLookState } from '../../src/archive/looks/look-state.ts';
import { openArchive } from '../../src/db/open.ts';
import { DAY_MS, HOUR_MS } from '../../src/lib/time.ts';
import { rawInvocation } from '../archive/raw-invocation.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { ACCOUNT, REGION } from '../ingest/archive-trial.ts';
import { startTinyService } from '../ingest/tiny-service.ts';
import { runCli } from './run-cli.ts';

/**
 * Starts a service with an invocation of five days ago that timed out, and an invocation of an hour ago. Returns a
 * function that runs commands against this service.
 */
async function startCase() {
  const folder = tempFolder();
  const secondsAgo = (ms: number) => Math.floor((Date.now() - ms) / 1000);
  const late = {
    CommandId: 'c-late',
    InstanceId: 'i-1',
    RequestedDateTime: secondsAgo(5 * DAY_MS),
    CommandPlugins: [],
  };
  const other = { CommandId: 'c-other', InstanceId: 'i-2', RequestedDateTime: secondsAgo(HOUR_MS) };
  const timedOut = { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' };
  const { url, history } = await startTinyService(undefined, {
    invocations: [rawInvocation({ ...late, ...timedOut }), rawInvocation(other)],
    commands: [
      { CommandId: 'c-late', RequestedDateTime: late.RequestedDateTime, Status: 'TimedOut' },
      { CommandId: 'c-other', RequestedDateTime: other.RequestedDateTime, Status: 'Success' },
    ],
  });
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    SSM_ARCHIVE_DB: 'case.db',
  };
  return {
    folder,
    run: (...args: string[]) => runCli(folder, args, env),
    change() {
      history.invocations = [rawInvocation({ ...late, CommandPlugins: [] }), rawInvocation(other)];
    },
    status: async () =>
      (
        await runCli(
          folder,
          ['sql', '--format', 'csv', "SELECT status FROM invocations WHERE command_id = 'c-late'"],
          env,
        )
      ).stdout,
  };
}

describe('a final state that the service changed days later', () => {
  it('is recorded by the next pass', async () => {
    const { run, change, status } = await startCase();
    expect((await run('ingest')).exitCode).toBe(0);
    expect(await status()).toContain('TimedOut');
    change();
    const { exitCode, stderr } = await run('ingest');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('The service has changed an invocation that had ended.');
    expect(await status()).toContain('Success');
    expect((await run('reconcile')).exitCode).toBe(0);
  }, 60_000);

  it('is reported by `reconcile`, with the command that records the change', async () => {
    const { run, change, status } = await startCase();
    await run('ingest');
    change();
    const { exitCode, stdout } = await run('reconcile');
    expect(exitCode).toBe(1);
    const [, args = ''] = /run: ssm-archive (ingest --from \S+ --to \S+ --source default)\n/.exec(stdout) ?? [];
    expect((await run(...args.split(' '))).exitCode).toBe(0);
    expect(await status()).toContain('Success');
    const after = await run('reconcile');
    expect([after.exitCode, after.stdout.includes('ingest --from')]).toEqual([0, false]);
  }, 60_000);
});

describe('status', () => {
  it('counts the final invocations that are still to be checked for late changes, and those that were never checked, as text and as JSON', async () => {
    const { folder, run } = await startCase();
    await run('ingest');
    const db = openArchive(`${folder}/case.db`);
    const nowMs = Date.now();
    const state = { lookedToMs: nowMs - 10 * DAY_MS, nextFromMs: nowMs - 10 * DAY_MS, rowsACall: 50 };
    saveLookState(db.sqlite, { accountId: ACCOUNT, region: REGION }, { ...state, leftOut: 7, lookedAtMs: nowMs });
    db.close();
    const { stdout } = await run('status');
    expect(stdout).toContain(`${ACCOUNT} ${REGION}: 1 final invocation will be looked at once more.`);
    expect(stdout).toContain(
      `${ACCOUNT} ${REGION}: 7 final invocations never looked at again: whether they changed late`,
    );
    expect(stdout).toContain('SSM_ARCHIVE_LATE_LOOKS');
    expect(JSON.parse((await run('status', '--json')).stdout).lateLooks).toMatchObject([
      { accountId: ACCOUNT, region: REGION, due: 1, leftOut: 7 },
    ]);
  }, 60_000);
});
