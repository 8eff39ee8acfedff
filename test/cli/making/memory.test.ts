import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../db/temp-archive.ts';
import { knowTests } from '../../on-test-end.ts';
import { fillArchive } from '../../service/fill-archive.ts';
import { runCli } from '../run-cli.ts';
import { BOTH_WAYS, contentsOf, dataOf, writeRecord } from './making-trial.ts';

knowTests();

/** An environment without credentials, so every pass fails at once. */
const ENV = { AWS_REGION: 'eu-west-1', SSM_ARCHIVE_PORT: '0' };

/** The commands that make archives, with the archive that each makes. */
const COMMANDS = [
  ['serve', [], 'archive'],
  ['ingest', [], 'archive'],
  ['init', [], 'archive'],
  ['demo', ['--exit', '--invocations', '50'], 'demo'],
] as const;

const IN_THE_WAY: readonly [string, (path: string) => void, RegExp][] = [
  ['an empty file', (path) => writeFileSync(path, ''), /is empty/],
  [
    'a SQLite file without a table',
    (path) => {
      const sqlite = new SQLite(path);
      sqlite.pragma('journal_mode = WAL');
      sqlite.close();
    },
    /has no table/,
  ],
  ['a file that is not a database', (path) => writeFileSync(path, 'notes'.repeat(100)), /is not a SQLite database/],
  ['a file of a few bytes', (path) => writeFileSync(path, 'x'), /is not a SQLite database/],
  [
    "another program's database",
    (path) => {
      const sqlite = new SQLite(path);
      sqlite.exec('CREATE TABLE notes (text)');
      sqlite.close();
    },
    /is a SQLite database, but not an ssm-archive/,
  ],
  ['a folder', (path) => mkdirSync(path), /is a folder/],
];

describe.concurrent.each(COMMANDS)('%s', (command, options, stem) => {
  it('makes no archive if a signing record shows that one is missing, exits with code 2, and names the two things the user can do', async () => {
    const folder = tempFolder();
    const data = dataOf(folder);
    const origin = writeRecord(data, { stem, size: 17 });
    const before = contentsOf(data);
    const { exitCode, stdout, stderr } = await runCli(folder, [command, ...options], ENV);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${stem}-ledger.signed shows that there was one`);
    expect(stderr).toContain(`${origin} has signed 17 leaves`);
    expect(stderr).toMatch(BOTH_WAYS);
    expect(contentsOf(data)).toEqual(before);
  });

  it.each(['-wal', '-shm', '-journal'])(
    'makes no archive beside a %s file that another archive has left',
    async (ending) => {
      const folder = tempFolder();
      const data = dataOf(folder);
      writeFileSync(join(data, `${stem}.db${ending}`), 'left');
      const { exitCode, stderr } = await runCli(folder, [command, ...options], ENV);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${stem}.db${ending}`);
      expect(stderr).toMatch(BOTH_WAYS);
      expect(Object.keys(contentsOf(data))).toEqual([`${stem}.db${ending}`]);
    },
  );

  it.each(IN_THE_WAY)(
    'refuses to replace %s, exits with code 2, and leaves it as it is',
    async (_what, put, sentence) => {
      const folder = tempFolder();
      const data = dataOf(folder);
      put(join(data, `${stem}.db`));
      const before = contentsOf(data);
      const { exitCode, stdout, stderr } = await runCli(folder, [command, ...options], ENV);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(sentence);
      expect(stderr).toMatch(BOTH_WAYS);
      expect(contentsOf(data)).toEqual(before);
      expect(existsSync(join(data, `${stem}.db`))).toBe(true);
    },
  );
});

describe.concurrent('the demo', () => {
  it('replaces the archive of an earlier demo, with its record and all its files', async () => {
    const folder = tempFolder();
    const demo = () => runCli(folder, ['demo', '--exit', '--invocations', '50']);
    expect((await demo()).exitCode).toBe(0);
    writeRecord(dataOf(folder), { stem: 'demo' });
    expect((await demo()).exitCode).toBe(0);
    expect(existsSync(join(folder, 'data', 'demo.db'))).toBe(true);
  });

  it('never replaces an archive that was collected from elsewhere, whatever its name', async () => {
    const folder = tempFolder();
    fillArchive(join(dataOf(folder), 'demo.db'), 20);
    const before = contentsOf(join(folder, 'data'));
    const { exitCode, stderr } = await runCli(folder, ['demo', '--exit', '--invocations', '50']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is an archive that the demo has not made')]);
    expect(contentsOf(join(folder, 'data'))).toEqual(before);
  });
});

describe.concurrent('doctor', () => {
  it('reports a missing archive in the same words as a refused start, and exits with code 1', async () => {
    const folder = tempFolder();
    writeRecord(dataOf(folder));
    const { exitCode, stdout } = await runCli(folder, ['doctor'], ENV);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^FAILED +archive: .*shows that there was one.*ssm-archive restore BACKUP.*ssm-archive init --new/m,
    );
  });
});

describe.concurrent('a key, a file of tokens or an access log alone', () => {
  it('does not show that an archive is missing, so `ingest` asks its sources', async () => {
    const folder = tempFolder();
    await runCli(folder, ['token', 'create', '--name', 'a', '--role', 'reader']);
    writeRecord(dataOf(folder));
    rmSync(join(folder, 'data', 'archive-ledger.signed'));
    const { exitCode, stdout } = await runCli(folder, ['ingest'], ENV);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('before any source had answered')]);
  });
});
