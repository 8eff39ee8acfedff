import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrateArchive } from '../../src/archive/file/migrate-archive.ts';
import { isoFromMs } from '../../src/lib/time.ts';
import { archiveOfFirstVersion } from '../db/archive-of-first-version.ts';
import { tempFolder } from '../db/temp-archive.ts';
import { type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { knowTests, onTestEnd } from '../on-test-end.ts';
import { until } from '../until.ts';
import { READING_CALLS } from './commands.ts';
import { call, folderOf, modeOf } from './reading-trial.ts';

knowTests();

const OLDER =
  /was made by an older version of ssm-archive: it has schema 1, and version \S+ needs schema \d+\. Nothing was changed\. Stop the older server and run "ssm-archive migrate", or use it with the version that made it\./;
const WRITING: string[][] = [
  ['hold', 'place', '--everything', '--reason', 'why', '--by', 'me'],
  ['prune', '--older-than', '400d', '--execute', '--reason', 'why', '--by', 'me'],
  ['coverage', '--certificate'],
  ['evidence', '--from', '2026-01-01', '--to', '2026-02-01', '--output', 'FREE/pack.zip'],
  ['import-senders', '/dev/null'],
  ['key', 'renew'],
  ['source', 'end', 'default'],
];

async function olderArchive(): Promise<Setting> {
  const setting = await startSetting({ invocations: 50 });
  archiveOfFirstVersion(setting.archive);
  return setting;
}

/** Another process that has the archive open and is idle, like an older server between two passes. It has no lease. */
async function openIdle(path: string): Promise<ChildProcess> {
  const program = `
    const sqlite = new (require('better-sqlite3'))(process.argv[1], { fileMustExist: true });
    sqlite.prepare('SELECT count(*) FROM sqlite_schema').get();
    process.stdout.write('open');
    process.stdin.resume().on('end', () => sqlite.close());`;
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestEnd(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const schemasOf = (path: string) => {
  const sqlite = new SQLite(path, { readonly: true });
  const schemas = sqlite.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get();
  sqlite.close();
  return schemas;
};

describe.concurrent('an archive of an older schema', () => {
  it('is neither read nor changed by any command that reads; each refuses it and names the command migrate', async () => {
    const setting = await olderArchive();
    const before = folderOf(setting.archive);
    for (const { args } of READING_CALLS.filter(({ args: [name, ...rest] }) => name !== 'report' || rest.length > 0)) {
      const { code, out, err } = await call(setting, args);
      const isDoctor = args[0] === 'doctor';
      expect([args, isDoctor ? out : err, code]).toEqual([args, expect.stringMatching(OLDER), isDoctor ? 1 : 2]);
    }
    expect(folderOf(setting.archive)).toEqual(before);
  });

  it('is changed only by the commands serve, ingest and migrate; every other command that writes refuses it', async () => {
    const setting = await olderArchive();
    const before = folderOf(setting.archive);
    for (const args of WRITING) {
      const { code, err } = await call(setting, args);
      expect([args, err, code]).toEqual([args, expect.stringMatching(OLDER), 2]);
    }
    expect(folderOf(setting.archive)).toEqual(before);
  });

  it('is migrated by the command migrate, which names both schemas; after that anybody may read it', async () => {
    const setting = await olderArchive();
    const first = await call(setting, ['migrate']);
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ has schema \d+ now; it had schema 1\.\n$/),
      err: expect.stringMatching(/^Migrated .* from schema 1 to schema \d+\./m),
    });
    expect(modeOf(setting.archive)).toEqual([1, 1]);
    expect((await call(setting, ['migrate'])).out).toMatch(/ has schema \d+ already\.\n$/);
    expect(await call(setting, ['status'])).toMatchObject({ code: 0 });
  });

  it.each([['ingest'], ['serve']])('is migrated by %s, which announces the migration', async (name) => {
    const setting = await olderArchive();
    const env = { ...setting.env, SSM_ARCHIVE_PORT: '0' };
    const running = start({ ...setting, env }, [name]);
    await until(() => running.errors().includes('from schema 1 to schema'));
    await until(() => name === 'ingest' || running.errors().includes('Collected.'));
    if (name === 'serve') running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  it.each([['migrate'], ['ingest']])(
    'waits to be migrated by %s until an idle older server, which holds no lease, has closed it',
    async (name) => {
      const setting = await olderArchive();
      const idle = await openIdle(setting.archive);
      const running = start(setting, [name]);
      await until(() => running.errors().includes('Waiting to migrate'));
      expect(running.errors()).toMatch(
        new RegExp(`Waiting to migrate .*: it is open in process ${idle.pid} \\(.*\\)\\.`),
      );
      expect(schemasOf(setting.archive)).toBe(1);
      idle.stdin?.end();
      const { code, err } = await running.ended;
      expect([code, err]).toEqual([0, expect.stringMatching(/^Migrated /m)]);
    },
  );

  it('is not migrated if another process keeps it open for too long; the command exits with code 2 and changes nothing', async () => {
    const path = join(tempFolder(), 'archive.db');
    archiveOfFirstVersion(path);
    const idle = await openIdle(path);
    const said: string[] = [];
    const deps = { say: (text: string) => void said.push(text), signal: new AbortController().signal, waitMs: 1000 };
    await expect(migrateArchive(path, deps)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        new RegExp(
          `was not migrated .*: it is open in process ${idle.pid} .*, even after a wait of 1 seconds\\. Nothing was changed`,
        ),
      ),
    });
    expect(said).toEqual([expect.stringMatching(/^Waiting to migrate /)]);
    expect(schemasOf(path)).toBe(1);
  });

  it.each([
    ['a pass', 'collect'],
    ['a server', 'serve:1'],
  ])('is not migrated while %s on another machine has a lease on it', async (what, name) => {
    const path = join(tempFolder(), 'archive.db');
    const [now, end] = [isoFromMs(Date.now()), isoFromMs(Date.now() + 50_000)];
    archiveOfFirstVersion(
      path,
      `INSERT INTO leases (name, holder, host, pid, taken_at, expires_at) VALUES ('${name}', 'x', 'elsewhere', 7, '${now}', '${end}')`,
    );
    const deps = { say() {}, signal: new AbortController().signal, waitMs: 500 };
    await expect(migrateArchive(path, deps)).rejects.toThrow(
      `${what}, process 7 on elsewhere since ${now}, has a lease on it, even after a wait of `,
    );
    expect(schemasOf(path)).toBe(1);
  });
});

describe.concurrent('an archive in WAL mode', () => {
  it('is refused if it has a -wal and no -shm, with the advice to copy archive and -wal together and to run the command migrate', async () => {
    const setting = await startSetting({ invocations: 50 });
    expect((await start(setting, ['ingest']).ended).code).toBe(0);
    const writer = new SQLite(setting.archive);
    writer.pragma('journal_mode = WAL');
    writer.exec("UPDATE runs SET collector = 'in the -wal'");
    const copy = tempFolder();
    chmodSync(copy, 0o777);
    const archive = join(copy, 'archive.db');
    for (const end of ['', '-wal']) copyFileSync(setting.archive + end, archive + end);
    writer.close();
    const copied = { ...setting, archive, env: { ...setting.env, SSM_ARCHIVE_DB: archive } };
    const before = folderOf(archive);
    for (const args of [['status'], ['sql', 'SELECT 1'], ['verify']])
      expect(await call(copied, args)).toMatchObject({
        code: 2,
        err: expect.stringMatching(
          /has a -wal beside it and no -shm, .*Copy .* and .*-wal together .*"ssm-archive migrate"/,
        ),
      });
    expect(folderOf(archive)).toEqual(before);
    expect((await call(copied, ['migrate'])).code).toBe(0);
    const { out } = await call(copied, ['sql', '--format', 'csv', 'SELECT DISTINCT collector FROM runs']);
    expect(out).toContain('in the -wal');
  });

  it('is read, and nothing beside it is changed, if its -wal is empty and it has no -shm, as a process that may open too few files leaves them', async () => {
    const setting = await startSetting({ invocations: 50 });
    expect((await start(setting, ['ingest']).ended).code).toBe(0);
    const { out: before } = await call(setting, ['sql', '--format', 'csv', 'SELECT * FROM runs']);
    const writer = new SQLite(setting.archive);
    writer.pragma('journal_mode = WAL');
    writer.close();
    writeFileSync(`${setting.archive}-wal`, '');
    const folder = folderOf(setting.archive);
    for (const args of [['status'], ['sql', '--format', 'csv', 'SELECT * FROM runs'], ['verify']])
      expect(await call(setting, args)).toMatchObject({
        code: 0,
        ...(args[0] === 'sql' && { out: before }),
      });
    expect(folderOf(setting.archive)).toEqual(folder);
  });

  it('is refused if it was copied without its -wal while a server ran, because the newest data may be missing', async () => {
    const setting = await startSetting({ invocations: 50 });
    expect((await start(setting, ['ingest']).ended).code).toBe(0);
    const writer = new SQLite(setting.archive);
    writer.pragma('journal_mode = WAL');
    writer.exec(
      "INSERT INTO leases (name, holder, host, pid, taken_at, expires_at) VALUES ('serve:1', '1', 'elsewhere', 7, '2026-01-01', '2026-01-02')",
    );
    writer.close();
    expect(await call(setting, ['status'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/a server, process 7 on elsewhere .*Copy the archive together with its -wal and -shm/),
    });
  });
});
