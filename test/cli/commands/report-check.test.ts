import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_REPORTS } from '../../../src/archive/reports/built-in-reports.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { bareEnvironment, CLI, runCli } from '../run-cli.ts';

/** What a run of the command printed of each report: the number of rows, whether it is portable, and why not. */
function checkedOf(stdout: string): Map<string, { rows: string; isPortable: boolean; why: string }> {
  const lines = stdout.split('\n').slice(1).filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [name = '', rows = '', isPortable = '', ...why] = line.trim().split(/ {2,}/);
      return [name, { rows, isPortable: isPortable === 'yes', why: why.join('  ') }];
    }),
  );
}

/** A run makes and seals an archive, which takes some seconds on a free machine, and a minute on a busy one. */
const TIMEOUT_MS = 240_000;
const own = (name: string, sql: string) => ({ name, description: 'A trial.', sql });
const OWN = [
  own('own-fraction', 'SELECT status, 5 / 2 AS half FROM invocations ORDER BY id LIMIT 2'),
  own('own-nothing', "SELECT id FROM invocations WHERE status = 'Unheard'"),
  own('own-nulls', "SELECT nullif(comment, '') AS said FROM invocations ORDER BY said LIMIT 1"),
  own('own-parameters', 'SELECT command_id, document_name, parameters_json, targets_json FROM commands ORDER BY 1'),
  own(
    'own-senders',
    'SELECT principal_arn, user_agent, count(*) AS n FROM command_senders GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST',
  ),
  own(
    'own-steps',
    `SELECT plugin_name, output, decode_text(output) AS text FROM plugin_runs
    WHERE output IS NOT NULL ORDER BY output, plugin_name, invocation_id, "position"`,
  ),
  own('own-whole', 'SELECT id, comment, document_name, instance_name, requested_at FROM invocations ORDER BY id'),
  own(
    'own-words',
    `SELECT contains_text(output, 'B') AS word, contains(output, '%') AS percent,
    contains(output, '\\') AS backslash, contains(plugin_name, '''') AS quote, count(*) AS steps
    FROM plugin_runs GROUP BY 1, 2, 3, 4 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST, 4 NULLS FIRST`,
  ),
];
/** The reports of a user that are portable. */
const PORTABLE = ['own-parameters', 'own-senders', 'own-steps', 'own-whole', 'own-words'];

function withOwnReports(): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ reports: OWN }));
  return folder;
}

const check = (...args: string[]) =>
  runCli(withOwnReports(), ['report', 'check', ...args], {}, '', { timeout: TIMEOUT_MS });

describe('report check --portable', () => {
  it('finds portable what docs/reports.md calls so, of rows that are there, and says of each other why it is not', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { stdout, stderr, exitCode } = await check('--portable');
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Making two archives.*\n$/)]);
    const checked = checkedOf(stdout);
    expect([...checked.keys()]).toEqual([...BUILT_IN_REPORTS, ...OWN].map(({ name }) => name).sort());
    const page = readFileSync('docs/reports.md', 'utf8');
    const [, sentence = ''] = /These are portable: ([^.]+)\./.exec(page) ?? [];
    const portable = [...checked].filter(([name, { isPortable }]) => isPortable && !name.startsWith('own-'));
    expect(portable.map(([name]) => name)).toEqual([...sentence.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
    // A report that the lake refuses for another reason than docs/reports.md has may hide an error.
    const needs = new Map(
      [...page.matchAll(/^\| `([\w-]+)` \| ([^|]+) \|$/gm)].map(([, name = '', text]) => [name, text]),
    );
    for (const [name, { rows, isPortable, why }] of checked) {
      if (isPortable) expect([name, Number(rows)]).toEqual([name, expect.toSatisfy((n: number) => n > 0)]);
      else if (!name.startsWith('own-')) expect([name, why]).toEqual([name, `it needs ${needs.get(name)}`]);
    }
    for (const name of PORTABLE) expect([name, checked.get(name)?.isPortable]).toEqual([name, true]);
    expect(checked.get('own-fraction')?.why).toBe('row 1 has in half 2 in the archive, and 2.5 in the lake');
    expect(checked.get('own-nothing')?.why).toBe('it has no row here, so nothing was compared');
    expect(checked.get('own-nulls')?.why).toMatch(/^row 1 has in said null in the archive/);
  });

  it('exits with 0 if the report that is named is portable', { timeout: TIMEOUT_MS }, async () => {
    const { stdout, exitCode } = await check('own-whole', '--portable');
    expect([exitCode, [...checkedOf(stdout).keys()]]).toEqual([0, ['own-whole']]);
  });

  it('says what is wrong with a call and what to do, and makes no archives then', async () => {
    const folder = tempFolder();
    const bare = await runCli(folder, ['report', 'check']);
    expect([bare.exitCode, bare.stderr]).toEqual([2, expect.stringContaining('report check --portable')]);
    const formed = await runCli(folder, ['report', 'check', '--portable', '--format', 'csv']);
    expect([formed.exitCode, formed.stderr]).toEqual([
      2,
      expect.stringContaining('--format is for running a report, not for report check.'),
    ]);
    const unknown = await runCli(folder, ['report', 'check', 'what-rn', '--portable']);
    expect(unknown.exitCode).toBeGreaterThan(0);
    expect(unknown.stderr).toContain('what-rn');
    expect(unknown.stderr).not.toContain('Making two archives');
  });
});

it('report check leaves nothing behind if it is stopped', { timeout: TIMEOUT_MS }, async () => {
  const folder = tempFolder();
  const env = { ...bareEnvironment(folder), TMPDIR: folder };
  const child = spawn(process.execPath, [CLI, 'report', 'check', '--portable'], { cwd: folder, env });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.on('data', (chunk) => {
    if (said === '') child.kill('SIGTERM');
    said += chunk;
  });
  expect(await ended).toEqual([1, null]);
  expect(said).toContain('Not checked: stopped before the end.');
  expect(readdirSync(folder)).toEqual([]);
});
