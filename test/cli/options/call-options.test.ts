import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { commandOf } from '../../../src/cli/options/call-options.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { runCli } from '../run-cli.ts';
import { runHere } from '../run-here.ts';

/** Makes a folder with two archives, and a settings file that names the second. */
function folderOfTwo(): string {
  const folder = tempFolder();
  for (const name of ['a.db', 'b.db']) openArchive(join(folder, name)).close();
  writeFileSync(join(folder, 'b.yaml'), 'db: b.db\n');
  return folder;
}

const archiveOf = ({ stdout }: { stdout: string }) => /(\w)\.db/.exec(stdout)?.[1];

describe('--config and --db', () => {
  it.each([
    [['--config', 'b.yaml', 'status'], 'b'],
    [['status', '--config', 'b.yaml'], 'b'],
    [['status', '--config=b.yaml'], 'b'],
    [['--db', 'a.db', 'status'], 'a'],
    [['status', '--db=a.db'], 'a'],
    [['--config', 'b.yaml', 'status', '--db', 'a.db'], 'a'],
  ])('may come before or after the command: %j reads %s.db', async (args, expected) => {
    expect(archiveOf(await runHere(folderOfTwo(), args))).toBe(expected);
  });

  it('override the environment, which overrides the file', async () => {
    const folder = folderOfTwo();
    const env = { SSM_ARCHIVE_CONFIG: 'nowhere.yaml', SSM_ARCHIVE_DB: 'a.db' };
    expect(archiveOf(await runHere(folder, ['status', '--config', 'b.yaml'], env))).toBe('a');
    expect(archiveOf(await runHere(folder, ['status', '--config', 'b.yaml', '--db', 'b.db'], env))).toBe('b');
  });

  it('apply to one call, and not to the next one', async () => {
    const folder = folderOfTwo();
    await runHere(folder, ['status', '--db', 'a.db']);
    expect((await runHere(folder, ['status'])).exitCode).not.toBe(0);
    expect((await runHere(folder, ['status'])).stderr).toContain('data/archive.db');
  });

  it('are named by the help of every command', async () => {
    for (const args of [['--help'], ['status', '--help'], ['token', 'create', '--help'], ['serve', '--help']]) {
      const { stdout } = await runHere(tempFolder(), args);
      expect(stdout, args.join(' ')).toMatch(/--config <file>/);
      expect(stdout, args.join(' ')).toMatch(/--db <path>/);
    }
  });

  it.each<[string, string[], string]>([
    ['a file that does not exist', ['status', '--config', 'none.yaml'], '--config: there is no file '],
    [
      'a folder',
      ['status', '--config', '.'],
      'is a folder, not a file: give the path of the settings file in that folder',
    ],
    ['an empty path', ['status', '--config', ''], '--config: '],
    [
      'a pack, with a settings file that does not exist',
      ['verify', 'p.zip', '--config', 'none.yaml'],
      '--config: there is no file',
    ],
    ['an archive that does not exist', ['status', '--db', 'none.db'], 'none.db'],
    ['a folder for an archive', ['status', '--db', '.'], ''],
    ['an empty name', ['status', '--db', ''], '--db: must be the path of the archive file'],
    ['a server and an archive', ['sql', 'SELECT 1', '--db', 'a.db', '--url', 'http://x'], 'not both'],
    ['an archive for a command that uses none', ['simulate', '--db', 'a.db'], '--db has no effect on simulate'],
    ['a missing value', ['status', '--config'], 'argument missing'],
  ])('are refused with exit code 2 and a sentence: %s', async (_, args, sentence) => {
    const { exitCode, stdout, stderr } = await runHere(folderOfTwo(), args);
    expect(stderr).toContain(sentence);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(/E(ISDIR|NOENT)|Unexpected failure|SQLITE/);
  });

  it.each([
    [['--config', 'x', 'status'], 'status'],
    [['--config=x', '--db', 'y', 'hold', 'list'], 'hold'],
    [['status', '--db', 'x'], 'status'],
    [['--help'], '--help'],
    [[], ''],
  ])('do not change which command is called: %j is a call of %s', (args, command) => {
    expect(commandOf(args)).toBe(command);
  });
});

describe('serve', () => {
  it.each<[string, string[], string]>([
    ['a port that is too high', ['--port', '65536'], '--port: must be a whole number from 0 to 65535, not "65536"'],
    ['a port that is a word', ['--port', 'http'], '--port: must be a whole number from 0 to 65535, not "http"'],
    ['no host', ['--host', ''], '--host: must be an address or a host name'],
    ['an address that others reach, without a token', ['--host', '0.0.0.0'], 'Others can reach 0.0.0.0'],
  ])('does not start with %s, and leaves no file', async (_, args, sentence) => {
    const folder = tempFolder();
    const { exitCode, stderr } = await runCli(folder, ['serve', ...args], { SSM_ARCHIVE_LOG: 'text' });
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('reports the faults of its options together with faults of the environment and of the file', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'archive.yaml'), '# ours\nlogLevel: infos\nsources:\n  - alais: a\n');
    const { stderr } = await runCli(folder, ['serve', '--port', 'x'], {
      SSM_ARCHIVE_LOG: 'text',
      SSM_ARCHIVE_SCHEDULE: 'now',
      SSM_ARCHIVE_PROT: '1',
    });
    expect(stderr.trim().split('\n')).toEqual([
      'The configuration has faults:',
      '  logLevel: must be trace, debug, info, warn, error, fatal or silent, not "infos". Did you mean "info"? (archive.yaml, line 2)',
      '  sources[0].alias: is needed: a name for the source (archive.yaml, line 4)',
      '  sources[0].alais: is not a setting. Did you mean "alias"? (archive.yaml, line 4)',
      '  --port: must be a whole number from 0 to 65535, not "x"',
      expect.stringContaining('  SSM_ARCHIVE_SCHEDULE: '),
    ]);
  });

  it('listens at the address of --host and --port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const args = ['serve', '--host', '127.0.0.1', '--port', String(port)];
    const { exitCode, stderr } = await runCli(tempFolder(), args, { SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_HOST: '::1' });
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken by another process. Choose another port with --port`);
    expect(exitCode).toBe(2);
  });
});

describe('a variable with the prefix SSM_ARCHIVE_ that has no meaning', () => {
  it.each(['status', 'coverage', 'hold list', 'token list', 'report', 'prune --older-than 400d'])(
    'is reported once by %s, with the name that was meant',
    async (call) => {
      const folder = folderOfTwo();
      const env = { SSM_ARCHIVE_DB: 'a.db', SSM_ARCHIVE_PROT: '1' };
      const { stderr } = await runHere(folder, call.split(' '), env);
      expect(stderr.split('\n').filter((line) => line.includes('PROT'))).toEqual([
        'Warning: SSM_ARCHIVE_PROT is not a setting of ssm-archive and has no effect. Did you mean "SSM_ARCHIVE_PORT"?',
      ]);
    },
  );
});
