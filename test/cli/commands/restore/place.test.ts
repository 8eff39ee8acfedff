import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive, openArchiveReadOnly } from '../../../../src/db/open.ts';
import { type BuiltArchive, buildArchive, recordPass } from '../../../archive/verify/attacked-archive.ts';
import { invocationsOf } from '../../../archive/verify/odd-fleet.ts';
import { knowTests, onTestEnd } from '../../../on-test-end.ts';
import { fillArchive } from '../../../service/fill-archive.ts';
import { isWithoutMounts, NEEDS_MOUNTS, smallDisk } from '../../../small-disk.ts';
import { until } from '../../../until.ts';
import { contentsOf } from '../../making/making-trial.ts';
import { bareEnvironment, CLI, runCli } from '../../run-cli.ts';
import { trialOf } from './restore-trial.ts';

knowTests();

let archive: BuiltArchive;
beforeAll(async () => {
  archive = await buildArchive(60);
});
afterAll(() => archive.remove());

const IS_ROLLBACK = 1;
/**
 * Whether the file can be opened for reading in any folder. Its byte 18 says so:
 * https://www.sqlite.org/fileformat.html.
 */
const modeOf = (path: string) => readFileSync(path)[18];

describe.concurrent('restore', () => {
  it('puts the backup into an empty place, as one file in rollback mode, and leaves the backup as it is', async () => {
    const { folder, data, backup, db } = trialOf(archive);
    const before = readFileSync(backup);
    expect((await runCli(folder, ['restore', 'backup.db'])).exitCode).toBe(0);
    expect(readFileSync(backup).equals(before)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['backup.db', 'data']);
    expect(readdirSync(data).sort()).toEqual(['archive-ledger.key', 'archive.db']);
    expect(modeOf(db)).toBe(IS_ROLLBACK);
  });

  it('includes the -wal of a copy that was made by hand, and leaves both files as they are', async () => {
    const { folder, backup, db } = trialOf(archive);
    const live = join(folder, 'live.db');
    copyFileSync(backup, live);
    const writer = openArchive(live);
    recordPass(writer, 9, invocationsOf(20, 9));
    const rows = writer.sqlite.prepare('SELECT count(*) FROM revisions').pluck().get();
    for (const ending of ['', '-wal']) copyFileSync(live + ending, join(folder, `by-hand.db${ending}`));
    writer.close();
    const before = contentsOf(folder);
    expect((await runCli(folder, ['restore', 'by-hand.db'])).exitCode).toBe(0);
    expect(contentsOf(folder)).toEqual(before);
    const restored = new SQLite(db, { readonly: true });
    expect(restored.prepare('SELECT count(*) FROM revisions').pluck().get()).toBe(rows);
    restored.close();
  });

  it('refuses to replace an archive, and with --replace renames it with everything in it', async () => {
    const { folder, data, db } = trialOf(archive);
    fillArchive(db, 200);
    const writer = new SQLite(db);
    writer.pragma('journal_mode = WAL');
    writer.exec("INSERT INTO leases VALUES ('late', 'x', 'h', 1, 'a', 'b')");
    const copies = ['', '-wal'].map((ending) => readFileSync(db + ending));
    writer.close();
    // A process that was killed leaves the archive and its -wal like this.
    for (const [n, ending] of ['', '-wal'].entries()) writeFileSync(db + ending, copies[n] ?? '');
    const before = contentsOf(data);
    const refused = await runCli(folder, ['restore', 'backup.db']);
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/^There is an archive at .*--replace/),
    ]);
    expect(contentsOf(data)).toEqual(before);
    const { exitCode, stdout } = await runCli(folder, ['restore', 'backup.db', '--replace']);
    expect(exitCode).toBe(0);
    const [, aside = ''] = /^Set aside +\S+ is (\S+) now$/m.exec(stdout) ?? [];
    const kept = new SQLite(aside, { readonly: true });
    expect(kept.prepare("SELECT count(*) FROM leases WHERE name = 'late'").pluck().get()).toBe(1);
    kept.close();
    const restored = new SQLite(db, { readonly: true });
    expect(restored.prepare("SELECT count(*) FROM leases WHERE name = 'late'").pluck().get()).toBe(0);
    restored.close();
  });

  it('renames an empty file and a -wal that are in its place, and never reads that -wal', async () => {
    const { folder, db } = trialOf(archive);
    writeFileSync(db, '');
    writeFileSync(`${db}-wal`, 'of another');
    writeFileSync(`${db}-shm`, 'of another');
    const { exitCode, stdout } = await runCli(folder, ['restore', 'backup.db', '--json']);
    expect(exitCode).toBe(0);
    const { setAside } = JSON.parse(stdout);
    expect(setAside.map(({ from }: { from: string }) => from)).toEqual([db, `${db}-wal`, `${db}-shm`]);
    expect(readFileSync(setAside[1].to, 'utf8')).toBe('of another');
    expect((await runCli(folder, ['verify', '--json'])).exitCode).toBe(0);
  });

  it('renames a damaged archive together with its -wal, whose pages cannot be written into the archive', async () => {
    const { folder, db } = trialOf(archive);
    const bytes = Buffer.from(archive.bytes);
    bytes.fill(0xff, 100, 8192);
    // The header of a WAL file.
    bytes.fill(2, 18, 20);
    writeFileSync(db, bytes);
    writeFileSync(`${db}-wal`, 'pages that were written last');
    const { exitCode, stdout } = await runCli(folder, ['restore', 'backup.db', '--replace', '--json']);
    expect(exitCode).toBe(0);
    const { setAside } = JSON.parse(stdout);
    expect(readFileSync(setAside[0].to).subarray(100).equals(bytes.subarray(100))).toBe(true);
    expect((await runCli(folder, ['verify', '--json'])).exitCode).toBe(0);
  });

  it('refuses while another process has the archive open, even an idle one, and says what to stop', async () => {
    const { folder, data, db } = trialOf(archive);
    fillArchive(db, 50);
    const server = await startServer(folder);
    const before = readFileSync(db);
    const { exitCode, stderr } = await runCli(folder, ['restore', 'backup.db', '--replace']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/is in use: .* Nothing was changed\. Stop what uses it, a server or a pass/);
    expect(readFileSync(db).equals(before)).toBe(true);
    expect(readdirSync(data).filter((name) => /tmp|aside/.test(name))).toEqual([]);
    server.kill('SIGTERM');
    await once(server, 'exit');
    // The server has signed an entry about the owed sources, and the backup does not have this entry.
    const restored = await runCli(folder, ['restore', 'backup.db', '--replace']);
    expect(restored).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^Restored /m) });
    expect(restored.stdout).toMatch(/^LOST /m);
  });

  it.each<[string, (backup: string, trial: ReturnType<typeof trialOf>) => void, number, RegExp]>([
    ['does not exist', (backup) => rmSync(backup), 2, /There is no file/],
    ['is empty', (backup) => writeFileSync(backup, ''), 2, /is empty/],
    ['is not a database', (backup) => writeFileSync(backup, 'x'.repeat(9999)), 2, /is not a SQLite database/],
    ['is cut', (backup) => writeFileSync(backup, archive.bytes.subarray(0, 200_000)), 1, /is not a whole archive/],
    ['has a page of another archive', (backup) => writeFileSync(backup, damaged()), 1, /is not a whole archive/],
    ['does not match its newest checkpoint', changeTile, 1, /newest checkpoint does not fit its ledger/],
    ['was made by a newer version', makeNewer, 2, /backup\.db was made by a newer version/],
    ['is the archive itself', (backup, { db }) => linkAs(backup, db), 2, /is the archive itself/],
  ])('refuses a backup that %s, and changes nothing', async (_what, spoil, code, sentence) => {
    const trial = trialOf(archive);
    writeFileSync(trial.db, archive.bytes);
    spoil(trial.backup, trial);
    const before = contentsOf(trial.data);
    const { exitCode, stdout, stderr } = await runCli(trial.folder, ['restore', 'backup.db', '--replace']);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(contentsOf(trial.data)).toEqual(before);
  });

  it('never replaces a folder, and replaces a file that is not an archive only with --replace, which keeps that file', async () => {
    const { folder, db, data } = trialOf(archive);
    writeFileSync(db, 'notes'.repeat(50));
    expect((await runCli(folder, ['restore', 'backup.db'])).exitCode).toBe(2);
    const { stdout } = await runCli(folder, ['restore', 'backup.db', '--replace', '--json']);
    expect(readFileSync(JSON.parse(stdout).setAside[0].to, 'utf8')).toBe('notes'.repeat(50));
    const inFolder = await runCli(folder, ['restore', 'backup.db', '--replace'], { SSM_ARCHIVE_DB: data });
    expect([inFolder.exitCode, inFolder.stderr]).toEqual([2, expect.stringMatching(/is not a file\. Move it away/)]);
  });
});

describe.concurrent('a restore that is stopped halfway', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves the former archive or the new one, if %s ends it',
    async (signal) => {
      const trial = trialOf(archive);
      fillArchive(trial.db, 300);
      writeFileSync(trial.backup, '');
      rmSync(trial.backup);
      fillArchive(trial.backup, 60_000);
      const before = readFileSync(trial.db);
      for (const share of [0, 0.5, 1]) {
        const child = restoring(trial.folder);
        const ended = once(child, 'exit');
        const bytes = readFileSync(trial.backup).length;
        await until(() => copied(trial.data) >= share * bytes || child.exitCode !== null);
        child.kill(signal);
        const [code] = await ended;
        if (code === 0) break;
        // SIGKILL may also come after the new archive is in its place, and before the process ends.
        if (signal === 'SIGKILL' && !readFileSync(trial.db).equals(before)) {
          expect(invocationsIn(trial.db)).toBe(60_000);
          break;
        }
        expect(readFileSync(trial.db).equals(before)).toBe(true);
        if (signal !== 'SIGKILL') {
          expect(code).toBe(1);
          expect(readdirSync(trial.data).filter((name) => name.includes('.tmp'))).toEqual([]);
        }
      }
      expect((await runCli(trial.folder, ['restore', 'backup.db', '--replace'])).exitCode).toBe(0);
    },
  );

  it.skipIf(isWithoutMounts)(
    `leaves the former archive, and no copy, if the disk is full ${NEEDS_MOUNTS}`,
    async () => {
      const trial = trialOf(archive);
      const disk = smallDisk(16 * 2 ** 20);
      const db = join(disk.folder, 'archive.db');
      writeFileSync(db, archive.bytes);
      disk.fill(200_000);
      const before = contentsOf(disk.folder);
      const { exitCode, stderr } = await runCli(trial.folder, ['restore', 'backup.db', '--replace'], {
        SSM_ARCHIVE_DB: db,
      });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The disk is full')]);
      expect(contentsOf(disk.folder)).toEqual(before);
    },
  );
});

function invocationsIn(path: string): unknown {
  const db = openArchiveReadOnly(path);
  try {
    return db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get();
  } finally {
    db.close();
  }
}

function restoring(folder: string): ChildProcess {
  const options = { cwd: folder, env: bareEnvironment(folder), stdio: 'ignore' } as const;
  const child = spawn(process.execPath, [CLI, 'restore', 'backup.db', '--replace'], options);
  onTestEnd(() => void child.kill('SIGKILL'));
  return child;
}

/** Returns how much of a backup is in the archive's folder. */
function copied(data: string): number {
  const [name] = readdirSync(data).filter((each) => each.endsWith('.tmp'));
  try {
    return name === undefined ? -1 : readFileSync(join(data, name)).length;
  } catch {
    return -1;
  }
}

async function startServer(folder: string): Promise<ChildProcess> {
  const env = { ...bareEnvironment(folder), SSM_ARCHIVE_PORT: '0', AWS_REGION: 'eu-west-1' };
  const child = spawn(process.execPath, [CLI, 'serve'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestEnd(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += String(chunk);
  });
  // The first pass has ended: nobody has the lease, and the server only keeps the file open.
  await until(() => log.includes('Give credentials'));
  return child;
}

function damaged(): Buffer {
  const bytes = Buffer.from(archive.bytes);
  bytes.fill(0xff, 8192 * 20, 8192 * 24);
  return bytes;
}

function changeTile(backup: string): void {
  const sqlite = new SQLite(backup);
  const triggers = sqlite.prepare<[], string>(
    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'ledger_tiles'",
  );
  for (const name of triggers.pluck().all()) sqlite.exec(`DROP TRIGGER ${name}`);
  sqlite.exec('UPDATE ledger_tiles SET hashes = randomblob(length(hashes))');
  sqlite.close();
}

function makeNewer(backup: string): void {
  const sqlite = new SQLite(backup);
  sqlite.exec(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 9999999999999)`);
  sqlite.close();
}

function linkAs(backup: string, db: string): void {
  rmSync(backup);
  if (!existsSync(db)) throw new Error('There is no archive to link to.');
  symlinkSync(db, backup);
}
