import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../db/temp-archive.ts';
import { type SealedArchive, sealedArchive } from '../../../lake/sealed-archive.ts';
import { runCli } from '../../run-cli.ts';

/** A copy of an archive with three sealed days, signed after they were sealed, and the command in its folder. */
async function setUp() {
  const archive: SealedArchive = await sealedArchive({ invocations: 120 });
  await archive.trial.pass();
  const folder = tempFolder();
  const db = join(folder, 'archive.db');
  await archive.sqlite.backup(db);
  copyFileSync(archive.trial.config.ledgerKey, join(folder, 'archive-ledger.key'));
  const cli = (args: string[], env: Record<string, string> = {}) =>
    runCli(folder, args, { SSM_ARCHIVE_DB: db, SSM_ARCHIVE_LAKE: archive.lake, ...env });
  return { ...archive, cli };
}

it('`verify` says in its first line that the lake was not read, and with --lake that it was read, whole or in part', async () => {
  const { cli } = await setUp();
  const without = await cli(['verify']);
  expect(without.exitCode).toBe(0);
  expect(without.stdout).toMatch(/^INTACT.*, LAKE NOT READ .*archive\.db\n/);
  expect(without.stdout).toMatch(/^In the lake \d+ leaves of 3 sealed days$/m);
  expect(without.stdout).toMatch(/^Note +The lake was not read: /m);
  const whole = await cli(['verify', '--lake', '--json']);
  expect(whole.exitCode).toBe(0);
  expect(JSON.parse(whole.stdout)).toMatchObject({ verdict: 'intact', lake: { days: 3, ofDays: 3, faults: [] } });
  const part = await cli(['verify', '--lake', '--sample', '1']);
  expect(part.exitCode).toBe(0);
  expect(part.stdout).toMatch(/^INTACT.*, 1 OF 3 DAYS OF THE LAKE READ /);
  expect(part.stdout).toMatch(/^Note +The lake was read in part: .*Nothing is said of the others\.$/m);
});

it('an archive whose lake was changed is NOT INTACT with --lake, and the object is named', async () => {
  const { cli, lake, sealed } = await setUp();
  const key = `plugins/day=${sealed[0]}/archive-0.parquet`;
  writeFileSync(join(lake, key), 'x');
  const { exitCode, stdout } = await cli(['verify', '--lake']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^NOT INTACT /);
  expect(stdout).toContain(`${sealed[0]} of the lake: ${key} has 1 bytes, and the ledger says`);
  expect((await cli(['verify'])).exitCode).toBe(0);
});

it('--lake without a lake, --sample without --lake, and a bucket that can not be reached are told in words', async () => {
  const { cli } = await setUp();
  expect(await cli(['verify', '--lake'], { SSM_ARCHIVE_LAKE: '' })).toMatchObject({
    ...{ exitCode: 2, stderr: expect.stringContaining('There is no lake.') },
  });
  expect(await cli(['verify', '--sample', '2'])).toMatchObject({
    ...{ exitCode: 2, stderr: expect.stringContaining('--sample is only for --lake.') },
  });
  const env = {
    ...{ SSM_ARCHIVE_LAKE: 's3://bucket/x', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_REGION: 'eu-west-1' },
    ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_MAX_ATTEMPTS: '1' },
  };
  const unreached = await cli(['verify', '--lake'], env);
  expect(unreached).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("it can't be reached") });
});

it('`doctor --lake` names what the lake lacks, and which days wait and why', async () => {
  const { cli, lake, sealed } = await setUp();
  const good = await cli(['doctor', '--lake']);
  expect(good.stdout).toMatch(/^ok {7}lake: DuckDB is installed$/m);
  expect(good.stdout).toMatch(/^ok {7}lake: \S+ has 21 objects of this archive, /m);
  const key = `plugins/day=${sealed[0]}/archive-0.parquet`;
  rmSync(join(lake, key));
  const bad = await cli(['doctor', '--lake']);
  expect(bad.exitCode).toBe(1);
  expect(bad.stdout).toContain(`FAILED   lake: 1 object that the ledger names is missing: ${key}.`);
});

it('`doctor --lake` says of a folder that is not there, is a file, or is not the lake only what is so', async () => {
  const { cli, lake, trial } = await setUp();
  const doctor = async (folder: string) => {
    const { exitCode, stdout } = await cli(['doctor', '--lake'], { SSM_ARCHIVE_LAKE: folder });
    expect(exitCode).toBe(1);
    const lines = stdout.split('\n').filter((line) => line.includes('  lake: '));
    return lines.filter((line) => !/DuckDB|waits|can be sealed/.test(line)).join('\n');
  };
  const moved = await doctor(`${lake}-moved`);
  expect(moved).toMatch(/^FAILED {3}lake: \S+-moved does not exist, although days are sealed\./);
  expect(moved).toMatch(/^FAILED {3}lake: \d+ objects that the ledger names are missing/m);
  expect(moved).not.toMatch(/^ok/m);
  const other = await doctor(tempFolder());
  expect(other).toMatch(/^FAILED {3}lake: \S+ has no object of this archive, although days are sealed\./);
  expect(other).not.toMatch(/^ok/m);
  expect(await doctor(trial.config.ledgerKey)).toMatch(/^FAILED {3}lake: The lake \S+: [^\n]+ is a file/);
});

it('settings of a lake without a lake stop no command: `doctor` says that they have no effect, and `seal` that there is no lake', async () => {
  const { cli } = await setUp();
  const env = { SSM_ARCHIVE_LAKE: '', SSM_ARCHIVE_SEAL_AFTER_DAYS: '7' };
  expect(await cli(['verify'], env)).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await cli(['doctor'], env)).stdout).toMatch(
    /^warning {2}configuration: SSM_ARCHIVE_SEAL_AFTER_DAYS has no effect, because there is no lake/m,
  );
  expect(await cli(['seal'], env)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('There is no lake.'),
  });
});
