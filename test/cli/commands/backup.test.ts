import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { type BuiltArchive, buildArchive, recordPass, sign } from '../../archive/verify/attacked-archive.ts';
import { invocationsOf } from '../../archive/verify/odd-fleet.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { fillArchive } from '../../service/fill-archive.ts';
import { bareEnvironment, CLI, runCli } from '../run-cli.ts';

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(130);
});
afterAll(() => archive.remove());

/** Makes a folder with a copy of the archive and its key where the commands look for them. */
function folderWith(): { folder: string; path: string } {
  const folder = tempFolder();
  mkdirSync(join(folder, 'data'));
  const path = join(folder, 'data', 'archive.db');
  writeFileSync(path, archive.bytes);
  copyFileSync(archive.keyPath, join(folder, 'data', 'ledger.key'));
  return { folder, path };
}

const verifyCopy = (folder: string, file: string) =>
  runCli(folder, ['verify'], { SSM_ARCHIVE_DB: file, SSM_ARCHIVE_LEDGER_KEY: 'data/ledger.key' });

describe('backup', () => {
  it('has help with its purpose and its arguments', async () => {
    const { exitCode, stdout } = await runCli(tempFolder(), ['backup', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /backup \[options\] <file>[\s\S]*not\s+exist\s+yet[\s\S]*--json[\s\S]*may\s+be\s+in\s+use\s+meanwhile/,
    );
  });

  it('contains the archive at one moment and is INTACT, although a collector writes to the archive all the time', async () => {
    const { folder, path } = folderWith();
    const db = openArchive(path);
    let hour = 4;
    let isDone = false;
    const writing = (async () => {
      while (!isDone) {
        hour += 1;
        recordPass(db, hour, invocationsOf(20, hour));
        sign(db.sqlite, archive.keyPath, hour);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const { exitCode, stdout, stderr } = await runCli(folder, ['backup', 'copy.db', '--json']);
    isDone = true;
    await writing;
    db.close();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { leaves, root, bytes, checkpoint } = JSON.parse(stdout);
    expect(bytes).toBe(statSync(join(folder, 'copy.db')).size);
    expect(checkpoint.size).toBeLessThanOrEqual(leaves);
    const verified = await verifyCopy(folder, 'copy.db');
    expect(verified.stdout).toMatch(/^INTACT/);
    expect(verified.stdout).toContain(`root ${root}`);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('names the existing files that it does not include, and is readable only for users who may read the archive', async () => {
    const { folder, path } = folderWith();
    chmodSync(path, 0o600);
    writeFileSync(join(folder, 'data', 'auth.db'), 'secret-token');
    const { exitCode, stdout } = await runCli(folder, ['backup', 'copy.db']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Backup .*copy\.db, .*\nChecked .*\nLedger .* leaves; root .*\nSigned .* leaves, at .*\nTook /,
    );
    expect(stdout).toMatch(/Not in the copy; keep these too:\n.*ledger\.key: .*\n.*auth\.db: .*$/m);
    expect(stdout).not.toMatch(/access\.db|reports\.yaml/);
    expect(readFileSync(join(folder, 'copy.db')).includes('secret-token')).toBe(false);
    expect(statSync(join(folder, 'copy.db')).mode & 0o777).toBe(0o600);
  });

  it('exits 2 and touches nothing if the file exists, the folder is missing, or there is no archive', async () => {
    const { folder } = folderWith();
    writeFileSync(join(folder, 'there.db'), 'mine');
    writeFileSync(join(folder, 'other.db-wal'), 'mine');
    const calls = [
      [folder, 'there.db', /There is .*there\.db already: a backup never replaces another file/],
      [folder, 'other.db', /There is .*other\.db-wal already/],
      [folder, 'data', /There is .*data already/],
      [folder, join('nowhere', 'copy.db'), /There is no folder .*nowhere/],
      [tempFolder(), 'copy.db', /There is no archive at /],
    ] as const;
    for (const [cwd, file, sentence] of calls) {
      const before = readdirSync(cwd);
      const { exitCode, stdout, stderr } = await runCli(cwd, ['backup', file]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(sentence);
      expect(readdirSync(cwd)).toEqual(before);
    }
    expect(readFileSync(join(folder, 'there.db'), 'utf8')).toBe('mine');
  });

  it('is not kept if SQLite finds it damaged', async () => {
    const { folder, path } = folderWith();
    const sqlite = new SQLite(path);
    const page = Number(sqlite.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'daily_counts'").pluck().get());
    sqlite.close();
    const bytes = readFileSync(path);
    bytes.fill(0xff, (page - 1) * 8192, page * 8192);
    writeFileSync(path, bytes);
    const { exitCode, stderr } = await runCli(folder, ['backup', 'copy.db']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/The copy differs from the archive, and was not kept/);
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'leaves no file, says that no backup was made, and exits 1 if %s ends it',
    async (signal) => {
      const { folder, path } = folderWith();
      fillArchive(path, 120_000);
      const child = spawn(process.execPath, [CLI, 'backup', 'copy.db'], { cwd: folder, env: bareEnvironment(folder) });
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      const hasBegun = () => readdirSync(folder).some((name) => name.endsWith('.tmp'));
      while (!hasBegun()) await new Promise((resolve) => setTimeout(resolve, 1));
      child.kill(signal);
      expect(await ended).toBe(1);
      expect(err).toContain('Not backed up: stopped before the end.');
      expect(readdirSync(folder)).toEqual(['data']);
      expect(existsSync(path)).toBe(true);
    },
  );
});
