import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { AWS_CLI_1, DATASETTE, SQLITE_UTILS } from '../deploy/tools.mjs';

const LONGEST_MS = 600_000;

/**
 * Benchmarks without a rival whose rows could be compared. A benchmark that stops comparing must be added here by hand.
 */
const WITHOUT_COMPARISON = ['unchanged', 'questions', 'undisturbed', 'search', 'stats', 'console'];

const sqlite3 = (process.env.PATH ?? '').split(delimiter).map((bin) => join(bin, 'sqlite3'));
const needed = [
  '/usr/bin/aws',
  sqlite3.find(existsSync) ?? 'sqlite3',
  ...[AWS_CLI_1, SQLITE_UTILS, DATASETTE].map(({ path }) => path),
];
const missing = needed.filter((file) => !existsSync(file));
const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-benchmarks-'));

/**
 * What `npm run bench -- --short` prints below each benchmark's name. Its times are not checked, because other tests
 * run at the same time.
 */
const sections = new Map<string, string[]>();
let exitCode = 0;

beforeAll(async () => {
  const options = { timeout: LONGEST_MS, env: { ...process.env, TMPDIR: folder } };
  const run = promisify(execFile)('node_modules/.bin/tsx', ['bench/main.ts', '--short'], options);
  const { stdout, stderr } = await run.catch((error) => {
    exitCode = error.code ?? Number.NaN;
    return error;
  });
  if (stderr) console.error(stderr);
  for (const section of stdout.split('\n\n').slice(1)) {
    const [title = '', ...lines] = section.trimEnd().split('\n  ');
    sections.set(title.slice(0, title.indexOf(':')), lines);
  }
}, LONGEST_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run bench', () => {
  it('exits with code 0, whether its goals are met or not', () => {
    expect([...sections.values()].flat().filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('runs every benchmark of the list if none is named', () => {
    expect([...sections.keys()]).toEqual(BENCHMARKS.map(({ name }) => name));
  });

  it('lists every file of bench/', () => {
    const names = [...readdirSync('bench'), ...readdirSync('bench/lake')];
    const files = names.filter((name) => name.endsWith('.ts') && !/^(main|benchmarks)\.ts$/.test(name));
    expect(BENCHMARKS).toHaveLength(files.length);
  });

  it.skipIf(missing.length > 0 && !process.env.CI)('finds every program that a rival needs', () => {
    const lacking = [...sections.values()].flat().filter((line) => line.includes('not run'));
    expect(lacking).toEqual([]);
  });
});

describe.each(BENCHMARKS.map(({ name }) => name))('the benchmark %s', (name) => {
  const isRun = () => !(sections.get(name) ?? []).some((line) => line.startsWith('not run'));

  it('prints its figures, each of them a number', ({ skip }) => {
    skip(!isRun(), 'a program that its rival needs is missing');
    const lines = sections.get(name) ?? [];
    expect(lines.filter((line) => /\d/.test(line)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => /\b(NaN|Infinity|undefined)\b/.test(line))).toEqual([]);
  });

  it(`${WITHOUT_COMPARISON.includes(name) ? 'says why there is nothing to compare' : "compares its rival's rows with ours"}`, ({
    skip,
  }) => {
    skip(!isRun(), 'a program that its rival needs is missing');
    const said = (sections.get(name) ?? []).filter((line) => /^(nothing )?compared/.test(line));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      WITHOUT_COMPARISON.includes(name)
        ? /^nothing compared: \w/
        : /^compared with the rival and found equal: [1-9][\d,]* \w/,
    );
  });
});
