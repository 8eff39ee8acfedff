import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { runHere } from '../run-here.ts';

const ACCOUNT = '111122223333';
const OTHER = '444455556666';
const REGION = 'eu-west-1';
const GOOD = { alias: 'good', regions: [REGION] };
/** The ARN of this source's role names the account. */
const DENIED = { alias: 'denied', roleArn: `arn:aws:iam::${OTHER}:role/audit`, regions: [REGION] };
/**
 * Neither the account nor the region of this source is configured, and the service never answers it. So both are
 * unknown.
 */
const NOWHERE = { alias: 'nowhere' };

interface Called {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Starts a service that refuses one role. Returns a function that runs commands in a folder whose archive.yaml has
 * these sources.
 */
async function trial(...sources: readonly object[]) {
  const simulator = await startSimulator({
    accounts: [ACCOUNT, OTHER].map((accountId) => ({ accountId, regions: [REGION] })),
    invocations: 200,
    faults: { deniedOperations: ['AssumeRole'] },
  });
  onTestFinished(() => simulator.close());
  const folder = tempFolder();
  const configure = (...others: readonly object[]) =>
    writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: others }));
  configure(...sources);
  const env = {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const call = (...args: string[]): Promise<Called> => runHere(folder, args, env);
  return { simulator, folder, configure, call };
}

describe('a configured source that never answered', () => {
  it('is a gap in `coverage`, which exits with code 1, if its role names its account', async () => {
    const { call } = await trial(GOOD, DENIED);
    expect((await call('ingest')).exitCode).toBe(1);
    const { exitCode, stdout } = await call('coverage');
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain('No gaps.');
    expect(stdout).toMatch(new RegExp(`${OTHER} ${REGION}: .* Last failure: .*AccessDenied`));
    const json = JSON.parse((await call('coverage', '--json')).stdout);
    expect(json).toMatchObject([
      { accountId: ACCOUNT, isComplete: true },
      { accountId: OTHER, region: REGION, isComplete: false, covered: [], gaps: [{ isForgotten: false }] },
    ]);
  });

  it('is shown as missing under its alias, wherever coverage is shown, if its account is unknown', async () => {
    const { call } = await trial(GOOD, NOWHERE);
    expect((await call('ingest')).exitCode).toBe(1);
    const { exitCode, stdout } = await call('coverage');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('1 source missing');
    expect(stdout).toMatch(/^nowhere: missing since \S+Z: .*No region is set/m);
    expect(JSON.parse((await call('coverage', '--json')).stdout)).toMatchObject([
      { accountId: ACCOUNT, isComplete: true },
      {
        alias: 'nowhere',
        accountId: null,
        region: null,
        isComplete: false,
        covered: [],
        gaps: [{ isForgotten: false }],
      },
    ]);
    const certified = await call('coverage', '--certificate', '--json');
    expect(certified.exitCode).toBe(1);
    expect(JSON.parse(certified.stdout).certificate).toMatchObject({
      complete: false,
      places: [{ accountId: ACCOUNT, complete: true }],
      missing: [{ alias: 'nowhere', accountId: null, region: null }],
    });
    // This source may belong to any account and region.
    expect((await call('coverage', '--account', ACCOUNT, '--region', REGION)).exitCode).toBe(1);
  });

  it('is named by `status`, which exits with code 1', async () => {
    const { call } = await trial(GOOD, DENIED, NOWHERE);
    await call('ingest');
    const { exitCode, stdout } = await call('status');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^nowhere: missing since .*No region is set/m);
    expect(stdout).toMatch(new RegExp(`^denied ${OTHER} ${REGION}: missing since .*AccessDenied`, 'm'));
    expect(JSON.parse((await call('status', '--json')).stdout).missingSources).toMatchObject([
      { alias: 'denied', accountId: OTHER, region: REGION },
      { alias: 'nowhere', accountId: null, region: null },
    ]);
  });

  it('is no longer missing once it is collected', async () => {
    const { call, simulator } = await trial(GOOD, DENIED);
    await call('ingest');
    simulator.faults.deniedOperations = [];
    expect((await call('ingest')).exitCode).toBe(0);
    expect((await call('coverage')).stdout).toContain('No gaps.');
    expect((await call('status')).exitCode).toBe(0);
  });
});

describe('coverage of an account without an owed source', () => {
  it('does not say that a pass tries again if the source was ended', async () => {
    const { call, configure } = await trial(GOOD, DENIED);
    await call('ingest');
    configure(GOOD);
    expect((await call('source', 'end', 'denied')).exitCode).toBe(0);
    const { exitCode, stdout } = await call('coverage', '--account', OTHER, '--from', '2020-01-01', '--json');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('before its source was ended; no pass tries again.');
    expect(stdout).not.toContain('the next pass tries again');
  });

  it('is not complete, and makes the command exit with code 1, for an account that does not exist', async () => {
    const { call } = await trial(GOOD);
    await call('ingest');
    expect((await call('coverage')).exitCode).toBe(0);
    const { exitCode, stdout } = await call('coverage', '--account', '999999999999', '--allow-unseen');
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(
        /^None of the requested sources is owed now or was ever collected\. .*\nLooked at everything in 999999999999: nothing was collected yet/,
      ),
    ]);
  });
});

describe('a source that is owed', () => {
  it('stays owed, and is named, if today’s configuration no longer has it', async () => {
    const { call, configure } = await trial(GOOD, DENIED, NOWHERE);
    await call('ingest');
    configure(GOOD);
    const ingested = await call('ingest');
    expect(ingested.stderr + ingested.stdout).toMatch(/denied .*owed since .*, but not in today’s configuration/);
    for (const command of ['coverage', 'status']) {
      const { exitCode, stdout } = await call(command);
      expect([command, exitCode]).toEqual([command, 1]);
      expect(stdout).toMatch(/^denied .*owed since .*, but not in today’s configuration/m);
      expect(stdout).toMatch(/^nowhere.*owed since .*, but not in today’s configuration/m);
    }
    const doctor = await call('doctor');
    expect(doctor.exitCode).toBe(1);
    expect(doctor.stdout).toMatch(/FAILED +source denied .*owed since .*, but not in today’s configuration/);
  });

  it('is ended only by `source end`, which says what it ended and what stays missing', async () => {
    const { call, configure } = await trial(GOOD, DENIED, NOWHERE);
    await call('ingest');
    configure(GOOD);
    await call('ingest');
    const ended = await call('source', 'end', 'denied');
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toMatch(new RegExp(`denied ${OTHER} ${REGION}, owed since \\S+Z`));
    expect(ended.stdout).toMatch(/stays missing/);
    expect((await call('coverage')).exitCode).toBe(1);
    expect((await call('source', 'end', 'nowhere', '--reason', 'a typing error')).exitCode).toBe(0);
    const coverage = await call('coverage');
    expect(coverage.exitCode).toBe(0);
    // The source was owed during the requested span.
    const from = new Date(Date.now() - 3 * 86_400_000).toISOString();
    const to = new Date(Date.now() - 2 * 86_400_000).toISOString();
    const then = await call('coverage', '--from', from, '--to', to);
    expect(then.exitCode).toBe(1);
    expect(then.stdout).toContain('nowhere');
    expect((await call('status')).exitCode).toBe(0);
    const list = await call('source', 'list');
    expect(list.stdout).toMatch(/denied .*ended/);
    expect(list.stdout).toMatch(/nowhere .*ended .*a typing error/);
    expect((await call('verify')).exitCode).not.toBe(1);
  });

  it('is not ended under a name that no owed source has: `source end` lists the names of owed sources', async () => {
    const { call } = await trial(GOOD);
    await call('ingest');
    const elsewhere = await call('source', 'end', 'good', '--region', 'eu-west-2');
    expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([
      ...[2, expect.stringContaining('No source "good" is owed in eu-west-2. Did you mean "eu-west-1"?')],
    ]);
    const noRegion = await call('source', 'end', 'good', '--region', 'euwest1');
    expect([noRegion.exitCode, noRegion.stderr.trimEnd()]).toEqual([
      ...[2, '--region must be an AWS region such as eu-west-1, not "euwest1". Did you mean "eu-west-1"?'],
    ]);
    const { exitCode, stderr } = await call('source', 'end', 'goood');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('good');
  });

  it('is ended neither by a pass of one source nor by a pass with another configuration, whose sources are then owed too', async () => {
    const { call, configure } = await trial(GOOD, DENIED);
    await call('ingest', '--source', 'good');
    const owed = async () => JSON.parse((await call('source', 'list', '--json')).stdout);
    expect(await owed()).toMatchObject([{ alias: 'denied' }, { alias: 'good' }]);
    configure({ ...GOOD, alias: 'renamed' });
    expect((await call('ingest')).exitCode).toBe(0);
    expect((await owed()).map(({ alias, endedAt }: { alias: string; endedAt: null }) => [alias, endedAt])).toEqual([
      ['denied', null],
      ['good', null],
      ['renamed', null],
    ]);
  });
});
