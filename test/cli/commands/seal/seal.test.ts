import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSealedDays } from '../../../../src/archive/sealed/read-sealed-days.ts';
import { sleep } from '../../../../src/lib/time.ts';
import { daysOf } from '../../../lake/sealed-archive.ts';
import { whereRowsAre } from '../../../lake/where-rows-are.ts';
import { childrenOf } from '../../../service/processes.ts';
import { bareEnvironment, CLI } from '../../run-cli.ts';
import { setUp } from './seal-trial.ts';

describe('ssm-archive evidence over sealed days', () => {
  it('says in a sentence, without a stack trace, that the lake cannot be read', async () => {
    const { cli, days, lake, folder } = await setUp();
    const [first = '', second = ''] = days;
    expect(await cli('seal', '--before', second)).toMatchObject({ exitCode: 0 });
    renameSync(lake, join(folder, 'elsewhere'));
    const made = await cli('evidence', '--from', first, '--to', second, '--output', 'pack.zip');
    expect(made).toMatchObject({ exitCode: 1, stdout: '' });
    expect(made.stderr).toMatch(/^The rows of .* are sealed, and the lake .* can't be read .*\n$/);
    expect(existsSync(join(folder, 'pack.zip'))).toBe(false);
  });
});

describe('ssm-archive seal', () => {
  it('says what it would seal, seals it in order, and brings a day back that the next seal seals again', async () => {
    const { cli, days, lake, read } = await setUp();
    const [first = '', second = '', third = ''] = days;
    const plan = await cli('seal', '--dry-run', '--before', third);
    expect(plan).toMatchObject({ exitCode: 0 });
    expect(plan.stdout).toMatch(
      new RegExp(
        `^Would go  ${first}  \\d+ invocations?\nWould go  ${second} .*\nFrees     about .* of the archive's file\n`,
      ),
    );
    expect(existsSync(lake)).toBe(false);
    const sealed = await cli('seal', '--before', third);
    expect(sealed).toMatchObject({ exitCode: 0 });
    expect(sealed.stdout).toMatch(
      new RegExp(
        `^Sealed    ${first}  .* lea(f|ves), .*\nSealed    ${second} .*\nLake      .*lake: 2 days, .*\nFile      .*\n$`,
      ),
    );
    expect(read(readSealedDays).map(({ day }) => day)).toEqual([first, second]);
    expect(read(daysOf)).toEqual(days.slice(2));
    const back = await cli('unseal', '--day', first, '--json');
    expect(JSON.parse(back.stdout)).toMatchObject({ day: first, generation: 1, isStopped: false });
    expect(read(daysOf)).toEqual([first, ...days.slice(2)]);
    const again = await cli('seal', '--before', third, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      days: [{ day: first, generation: 2 }],
      signing: { fault: null },
    });
    expect((await cli('seal', '--before', third)).stdout).toMatch(/There is nothing to seal\.\n$/);
    expect(readdirSync(join(lake, '_ledger', 'archive-0', 'sealed', `day=${first}`))).toEqual(['g1.json', 'g2.json']);
  });

  it('refuses a call without a lake, and a day that is none, with what to do', async () => {
    const { cli } = await setUp();
    expect(await cli('unseal', '--day', '2026-02-31')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--day accepts a day such as 2026-03-01, in UTC, not "2026-02-31"'),
    });
    expect(await cli('unseal', '--day', '2026-03-01')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('2026-03-01 is not sealed, so there is nothing to bring back.'),
    });
    const without = await setUp({ SSM_ARCHIVE_LAKE: '' });
    expect(await without.cli('seal')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Set lake in archive.yaml, or SSM_ARCHIVE_LAKE'),
    });
  });

  it('says whose lake it is if another archive’s objects are there, and seals nothing', async () => {
    const { cli, lake, days, read } = await setUp();
    const folder = join(lake, 'invocations', `day=${days[0]}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'archive-0.parquet'), 'not ours');
    expect(await cli('seal')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('give this archive a folder or prefix of its own'),
    });
    expect(read(readSealedDays)).toEqual([]);
    expect(read(daysOf)).toEqual(days);
  });

  it('goes on after it was killed at any moment, without a row lost, doubled or left behind', async () => {
    const setting = await setUp();
    const { folder, db, lake, cli } = setting;
    const before = await setting.read((sqlite) => whereRowsAre(sqlite, lake));
    for (let kill = 0; kill < 8; kill++) {
      await killedAfter(folder, { SSM_ARCHIVE_DB: db, SSM_ARCHIVE_LAKE: 'lake' }, 700 + 230 * kill);
      const sqlite = new SQLite(db);
      onTestFinished(() => void sqlite.close());
      expect(await whereRowsAre(sqlite, lake), `after kill ${kill}`).toEqual(before);
      sqlite.close();
    }
    // A kill may have begun any day, so this seals all of them.
    expect(await cli('seal')).toMatchObject({ exitCode: 0 });
    const sqlite = new SQLite(db);
    onTestFinished(() => void sqlite.close());
    expect(await whereRowsAre(sqlite, lake)).toEqual(before);
    expect(readSealedDays(sqlite).length).toBeGreaterThanOrEqual(8);
    expect(sqlite.prepare('SELECT count(*) FROM seal_intents').pluck().get()).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('.sealing-'))).toEqual([]);
  });
});

/**
 * Seals, and kills the sealing process after so many milliseconds. The command outlives it: it must wait for the
 * process, or the system still counts it as alive.
 */
async function killedAfter(folder: string, env: Record<string, string>, ms: number): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'seal'], {
    ...{ cwd: folder, env: { ...bareEnvironment(folder), ...env }, stdio: 'ignore', detached: true },
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await sleep(ms);
  const sealers = childrenOf(child.pid ?? 0);
  for (const pid of sealers.length > 0 ? sealers : [child.pid ?? 0]) killNow(pid);
  await ended;
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended by itself.
  }
}
