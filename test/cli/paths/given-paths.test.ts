import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../db/temp-archive.ts';
import { type CliResult, runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';

const LONG = 'n'.repeat(300);
const SPAN = ['--from', '2026-01-01', '--to', '2026-01-02', '--allow-empty'];

/** Every place in a call where a person gives a path. */
const CALLS: [string, (path: string) => string[], string?][] = [
  ['sql --file', (path) => ['sql', '--file', path]],
  ['--config', (path) => ['status', '--config', path]],
  ['--db, to read', (path) => ['status', '--db', path]],
  ['--db, to make', (path) => ['init', '--db', path]],
  ['--db, to write', (path) => ['coverage', '--certificate', '--db', path]],
  ['backup', (path) => ['backup', path]],
  ['restore', (path) => ['restore', path, '--replace']],
  ['verify', (path) => ['verify', path]],
  ['verify --checkpoint', (path) => ['verify', '--checkpoint', path]],
  ['import-senders', (path) => ['import-senders', path]],
  ['evidence --output', (path) => ['evidence', ...SPAN, '--output', path]],
  ['the key', () => ['init', '--db', 'other.db'], 'SSM_ARCHIVE_LEDGER_KEY'],
  ['the file of tokens', () => ['token', 'create', '--name', 'a', '--role', 'reader'], 'SSM_ARCHIVE_AUTH_DB'],
  ['the file of tokens, to be read', () => ['token', 'list'], 'SSM_ARCHIVE_AUTH_DB'],
  ['saved reports', () => ['report'], 'SSM_ARCHIVE_REPORTS_FILE'],
];

const OF_NODE = /\bE(NOENT|ACCES|PERM|ISDIR|NOTDIR|LOOP|NAMETOOLONG|EXIST|ROFS)\b|no such file|illegal operation/;

async function folderOfTroubles(): Promise<string> {
  const folder = tempFolder();
  expect((await runHere(folder, ['init'])).exitCode).toBe(0);
  writeFileSync(join(folder, 'plain'), 'hello');
  mkdirSync(join(folder, 'sub'));
  symlinkSync('nowhere', join(folder, 'broken'));
  symlinkSync('loop', join(folder, 'loop'));
  return folder;
}

function holdToOwnWords({ stdout, stderr }: CliResult): void {
  const said = stdout + stderr;
  expect(said).not.toMatch(OF_NODE);
  expect(said).not.toContain('Unexpected failure');
  expect(said).not.toContain('    at ');
}

describe.each(CALLS)('a path that is given to %s', (_name, argsOf, setting) => {
  it.each(['missing', 'none/new', 'sub', 'plain/under', 'broken', 'loop', LONG])(
    'is reported in the program’s own words if it is %j, and every call that fails says why',
    async (path) => {
      const folder = await folderOfTroubles();
      const result = await runHere(folder, argsOf(path), setting === undefined ? {} : { [setting]: path });
      holdToOwnWords(result);
      if (result.exitCode !== 0) expect(result.stderr).toMatch(/[.?:]\n/);
    },
  );
});

/** Makes a file and a folder that the returned user may not read, even if root runs the tests. */
function shutOff(folder: string): { uid?: number; gid?: number } {
  writeFileSync(join(folder, 'denied'), 'x');
  mkdirSync(join(folder, 'shut'));
  chmodSync(join(folder, 'denied'), 0o000);
  chmodSync(join(folder, 'shut'), 0o000);
  if (process.getuid?.() !== 0) return {};
  const user = { uid: 65_534, gid: 65_534 };
  chownSync(folder, user.uid, user.gid);
  return user;
}

describe.runIf(process.platform !== 'win32')('a file that this user may not read', () => {
  it.each([
    ['denied', /[Tt]his user may not (read|write to) \S*denied/],
    ['shut/inner', /[Tt]his user may not enter the folder \S*shut/],
  ])('is named by each command as %s, with the missing right', { timeout: 60_000 }, async (path, sentence) => {
    const folder = tempFolder();
    const user = shutOff(folder);
    const calls = CALLS.filter(([name]) => name !== 'the key');
    for (const [name, argsOf, setting] of calls) {
      // These calls refuse any file that exists, readable or not.
      if (path === 'denied' && /backup|--output/.test(name)) continue;
      if (/import-senders|backup|--output|certificate/.test(argsOf('x').join(' '))) continue;
      const env = setting === undefined ? {} : { [setting]: path };
      const result = await runCli(folder, argsOf(path), env, '', user);
      holdToOwnWords(result);
      expect([name, result.exitCode, result.stderr]).toEqual([
        name,
        expect.toSatisfy((code: number) => code === 1 || code === 2),
        expect.stringMatching(sentence),
      ]);
    }
  });
});
