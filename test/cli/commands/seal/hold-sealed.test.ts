import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knowTests } from '../../../on-test-end.ts';
import { type Setting, setUp } from './seal-trial.ts';

knowTests();

/** What a hold is to keep: how the command says it, and SQL for it. */
interface Scope {
  args: string[];
  sql: string;
}

const KEPT = /It keeps (\d+) invocations? of the archive(?: \((\d+) of them in the lake\))? from being pruned/;
const TOGETHER = /All holds together keep (\d+) invocations?(?: \((\d+) of them in the lake\))?\.\n$/;

async function place({ cli }: Setting, args: readonly string[]) {
  return cli('hold', 'place', ...args, '--reason', 'case 7');
}

function scopesOf({ read, days }: Setting): Scope[] {
  const [first = '', second = '', third = '', fourth = ''] = days;
  const row = read((sqlite) =>
    sqlite
      .prepare<[string], Record<'account_id' | 'region' | 'command_id' | 'instance_id', string>>(
        'SELECT account_id, region, command_id, instance_id FROM invocations WHERE requested_at >= ? ORDER BY id LIMIT 1',
      )
      .get(second),
  );
  const { account_id: account, region, command_id: command, instance_id: node } = row ?? {};
  if (!account || !region || !command || !node) throw new Error('nothing ran on the second day');
  const span = `requested_at >= '${first}T12:00' AND requested_at < '${fourth}'`;
  return [
    { args: ['--from', first, '--to', third], sql: `requested_at >= '${first}' AND requested_at < '${third}'` },
    { args: ['--from', `${first}T12:00:00Z`, '--to', fourth], sql: span },
    { args: ['--account', account], sql: `account_id = '${account}'` },
    { args: ['--account', account, '--region', region, '--to', fourth], sql: `requested_at < '${fourth}'` },
    { args: ['--command', command], sql: `command_id = '${command}'` },
    { args: ['--instance', node], sql: `instance_id = '${node}'` },
    {
      args: ['--instance', node, '--from', `${first}T12:00:00Z`, '--to', fourth],
      sql: `instance_id = '${node}' AND ${span}`,
    },
    { args: ['--everything'], sql: 'true' },
  ];
}

describe('what a hold says that it keeps', () => {
  it('is as many invocations after days are sealed as before, however the hold names them', async () => {
    const setting = await setUp();
    const { days, cli, read } = setting;
    const scopes = scopesOf(setting);
    const count = (where: string) =>
      read((sqlite) => sqlite.prepare(`SELECT count(*) FROM invocations WHERE ${where}`).pluck().get());
    const before = scopes.map(({ sql }) => count(sql));
    // Each hold is placed on top of those before it.
    const together = scopes.map((_, n) =>
      count(
        scopes
          .slice(0, n + 1)
          .map(({ sql }) => `(${sql})`)
          .join(' OR '),
      ),
    );
    expect(await cli('seal', '--before', days[4] ?? '')).toMatchObject({ exitCode: 0 });
    const after = scopes.map(({ sql }) => count(sql));
    for (const [n, { args }] of scopes.entries()) {
      const { stdout, stderr } = await place(setting, args);
      const [, kept, ofLake = '0'] = KEPT.exec(stdout) ?? [stdout];
      expect([args, stderr, Number(kept), Number(ofLake)]).toEqual([
        args,
        '',
        before[n],
        Number(before[n]) - Number(after[n]),
      ]);
      expect([args, Number(TOGETHER.exec(stdout)?.[1])]).toEqual([args, together[n]]);
    }
  });

  it('is said without those of the lake if it can’t be read, with the reason, and the hold is placed', async () => {
    const setting = await setUp();
    const { days, lake, cli } = setting;
    const [, , byNode] = [...scopesOf(setting)].reverse();
    expect(await cli('seal', '--before', days[4] ?? '')).toMatchObject({ exitCode: 0 });
    rmSync(lake, { recursive: true });
    const { exitCode, stdout, stderr } = await place(setting, byNode?.args ?? []);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/and what it names of \d+ sealed days? \(not counted\)/),
    ]);
    expect(stdout).toMatch(/All holds together keep .* and what they name of \d+ sealed days? \(not counted\)\.\n$/);
    expect(stderr).toMatch(/^Not counted in the lake: .*the lake/);
    expect(stderr).not.toMatch(/fault of ssm-archive|\n {4}at /);
    expect((await cli('hold', 'list')).stdout).toContain('case 7');
  });

  it('is nothing only if neither the file nor the lake has anything of it', async () => {
    const setting = await setUp();
    const { days, cli } = setting;
    const [first = '', second = ''] = days;
    expect(await cli('seal', '--before', second)).toMatchObject({ exitCode: 0 });
    const sealed = await place(setting, ['--from', first, '--to', second]);
    expect([sealed.stderr, KEPT.exec(sealed.stdout)?.[1]]).toEqual(['', expect.stringMatching(/^[1-9]/)]);
    await cli('hold', 'release', '1', '--reason', 'closed');
    for (const day of ['2020-01-01', '2031-01-01']) {
      const nothing = await place(setting, ['--from', day, '--to', day.replace('01-01', '01-02')]);
      expect(nothing.stderr).toContain('No invocation in the archive matches all of this');
      expect(nothing.stdout).toMatch(/All holds together keep 0 invocations\.\n$/);
    }
  });
});
