import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { identifyFile, type StatFile } from '../../../src/lib/files/identify-file.ts';
import { ACCOUNT, REGION, type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { expectEqualToService } from '../../ingest/expect-equal.ts';
import { knowTests } from '../../on-test-end.ts';
import { until } from '../../until.ts';
import { fillArchive } from '../fill-archive.ts';
import { askForPass, followPass } from '../passes/follow-pass.ts';
import { type Serving, serve } from '../serve.ts';
import { startServer } from '../start-server.ts';

knowTests();

/** A fleet whose replies do not change while a test runs. */
const FLEET = { invocations: 200, longShare: 0, rollingShare: 0 };
const ALL = ['', '-wal', '-shm'];
const ERROR = 50;
const SPAN = 'requestedAfter=2026-01-01&requestedBefore=2099-01-01';

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

function move(from: string, to: string, parts: readonly string[] = ALL): void {
  for (const part of parts) renameSync(from + part, to + part);
}

/** Copies a file in another process, because closing it in this process would drop SQLite's locks on it. */
const copy = (from: string, to: string) => execFileSync('cp', [from, to]);

async function readiness({ url }: Serving): Promise<[status: number, body: string]> {
  const reply = await fetch(`${url}/readyz`);
  return [reply.status, await reply.text()];
}

/** Runs a pass, waits until its line is in the log, and returns how the pass ended. */
async function passOf(server: Serving): Promise<string | undefined> {
  const before = server.lines('Collected.').length;
  const { pass } = await askForPass(server.url);
  const state = (await followPass(server.url, pass.id)).at(-1)?.view.state;
  if (state === 'complete') await server.said('Collected.', before + 1);
  return state;
}

/**
 * Expects that the server is not ready and begins no pass, both for the same reason, and that one new line in the log
 * names both files.
 */
async function expectMoved(server: Serving, what: RegExp, files: { path: string; open: string; found: string | null }) {
  const errors = () =>
    server.logged().filter(({ level, msg }) => level === ERROR && String(msg).startsWith(files.path));
  const before = errors().length;
  const passes = server.lines('Collected.').length;
  const { reply, detail } = await askForPass(server.url);
  expect([reply.status, detail]).toEqual([503, expect.stringMatching(what)]);
  expect(await readiness(server)).toEqual([503, expect.stringMatching(what)]);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(server.lines('Collected.')).toHaveLength(passes);
  await until(() => errors().length > before);
  const said = errors().slice(before);
  expect(said).toMatchObject([files]);
  for (const name of [files.open, files.found ?? 'nothing']) expect(said[0]?.msg).toContain(name);
}

/** Expects that all is as before: the server is ready, says so in its log, and collects. */
async function expectBack(server: Serving): Promise<void> {
  const before = server.lines(BACK).length;
  expect(await readiness(server)).toEqual([200, expect.anything()]);
  await server.said(BACK, before + 1);
  expect(await passOf(server)).toBe('complete');
}

const BACK = 'The archive at its path is the open one again.';

/**
 * Expects that the archive has everything that the service has, through a connection of its own, and that SQLite finds
 * no damage.
 */
function expectWhole({ archive, simulator }: Setting): void {
  const db = openArchive(archive);
  expectEqualToService(db, simulator, ACCOUNT, REGION);
  expect(db.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
}

describe('a server whose archive is moved away and put back', () => {
  const ends: (() => void | Promise<void>)[] = [];
  let setting: Setting;
  let server: Serving;
  let path: string;
  let aside: string;

  beforeAll(async () => {
    const onEnd = (end: () => void | Promise<void>) => void ends.unshift(end);
    setting = await startSetting(FLEET, onEnd);
    path = setting.archive;
    aside = join(setting.folder, 'aside.db');
    server = await serve(setting, {}, onEnd);
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('is not ready, begins no pass and makes no file until the archive is back', async () => {
    const open = identityOf(path);
    move(path, aside);
    await expectMoved(server, /nothing is at its path/, { path, open, found: null });
    for (const part of ALL) expect(existsSync(path + part)).toBe(false);
    move(aside, path);
    await expectBack(server);
  });

  it('leaves every byte of another archive at its path unchanged', async () => {
    const other = join(setting.folder, 'other.db');
    fillArchive(other, 20);
    const bytes = readFileSync(other);
    const open = identityOf(path);
    move(path, aside);
    renameSync(other, path);
    await expectMoved(server, /another file is at its path/, { path, open, found: identityOf(path) });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(existsSync(`${path}-wal`)).toBe(false);
    move(aside, path);
    await expectBack(server);
  });

  it('detects a copy of the archive beside the -wal and -shm of the open archive, although the open archive’s commits appear in the copy', async () => {
    const open = identityOf(path);
    move(path, aside, ['']);
    copy(aside, path);
    await expectMoved(server, /another file is at its path/, { path, open, found: identityOf(path) });
    move(aside, path, ['']);
    await expectBack(server);
  });

  it('detects a copy of all three files', async () => {
    const open = identityOf(path);
    move(path, aside);
    for (const part of ALL) copy(aside + part, path + part);
    await expectMoved(server, /another file is at its path/, { path, open, found: identityOf(path) });
    move(aside, path);
    await expectBack(server);
  });

  it('opens no empty file at its path: SQLite would delete the -wal beside it', async () => {
    const open = identityOf(path);
    const was = identityOf(`${path}-wal`);
    move(path, aside, ['']);
    writeFileSync(path, '');
    await expectMoved(server, /an empty file is at its path/, { path, open, found: identityOf(path) });
    expect([statSync(path).size, identityOf(`${path}-wal`)]).toEqual([0, was]);
    move(aside, path, ['']);
    await expectBack(server);
  });

  it('opens no file at its path that is not a SQLite database', async () => {
    const open = identityOf(path);
    move(path, aside, ['']);
    writeFileSync(path, 'not a database'.repeat(5000));
    await expectMoved(server, /another file is at its path/, { path, open, found: identityOf(path) });
    move(aside, path, ['']);
    await expectBack(server);
  });

  it.each(['-wal', '-shm'])('is not ready without its %s, and makes no new one', async (part) => {
    const file = path + part;
    const open = identityOf(file);
    move(path, aside, [part]);
    await expectMoved(server, new RegExp(`${part} file .*nothing is at its path`), { path: file, open, found: null });
    expect(existsSync(file)).toBe(false);
    move(aside, path, [part]);
    await expectBack(server);
  });

  it.each(['-wal', '-shm'])('is not ready if a copy has replaced its %s', async (part) => {
    const file = path + part;
    const open = identityOf(file);
    move(path, aside, [part]);
    copy(aside + part, file);
    const found = identityOf(file);
    await expectMoved(server, new RegExp(`${part} file .*another file is at its path`), { path: file, open, found });
    move(aside, path, [part]);
    await expectBack(server);
  });

  it.each([
    [
      'archive-auth.db',
      /Tokens that are made or revoked now have no effect on this server/,
      'The file of tokens is at its path again.',
    ],
    ['archive-access.db', /recorded in a file that nobody will find/, 'The access log is at its path again.'],
  ])('is not ready without its own file %s', async (name, sentence, back) => {
    const file = join(setting.folder, name);
    move(file, aside, ['', '-wal', '-shm']);
    expect(await readiness(server)).toEqual([503, expect.stringMatching(sentence)]);
    expect(existsSync(file)).toBe(false);
    move(aside, file, ['', '-wal', '-shm']);
    expect((await readiness(server))[0]).toBe(200);
    await server.said(back);
    expect(server.lines(`${file}: `)).toHaveLength(1);
  });

  it('is ready while it is backed up, and after VACUUM has rewritten it', async () => {
    const open = identityOf(path);
    const backup = start(setting, ['backup', join(setting.folder, 'backup.db')]);
    expect((await readiness(server))[0]).toBe(200);
    expect((await backup.ended).code).toBe(0);
    const db = openArchive(path);
    db.sqlite.exec('VACUUM');
    db.close();
    expect(identityOf(path)).toBe(open);
    expect((await readiness(server))[0]).toBe(200);
    expect(await passOf(server)).toBe('complete');
  });

  it('has recorded in the end everything that the service shows', async () => {
    expect(await server.stop()).toBe(0);
    expectWhole(setting);
  });
});

describe.concurrent('a server', () => {
  it('stays ready if its archive gets another device number, because it finds its commits at the path, and logs the change once', async () => {
    const setting = await startSetting(FLEET);
    let device = 0n;
    const remounted: StatFile = (path, options) => {
      const { dev, ino, size } = statSync(path, options);
      return { dev: dev + device, ino, size };
    };
    const server = await startServer(setting, undefined, { identify: (path) => identifyFile(path, remounted) });
    await until(() => server.logged.some(({ msg }) => msg === 'Collected.'));
    device = 1000n;
    const replies = await Promise.all([1, 2, 3].map(() => fetch(`${server.url}/readyz`)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const path of ['/v1/coverage/certificate', '/v1/sql?sql=SELECT%201', '/readyz'])
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 200]);
    const same = 'The archive has another device or inode now, but is the same file.';
    expect(server.logged.filter(({ msg }) => msg === same)).toHaveLength(1);
    expect(server.logged.filter(({ level }) => Number(level) >= ERROR)).toEqual([]);
  });

  it('makes no new archive when it ends if its archive was deleted', async () => {
    const setting = await startSetting(FLEET);
    const server = await serve(setting);
    const open = identityOf(setting.archive);
    for (const part of ALL) rmSync(setting.archive + part);
    await expectMoved(server, /nothing is at its path/, { path: setting.archive, open, found: null });
    expect(await server.stop()).toBe(0);
    for (const part of ALL) expect(existsSync(setting.archive + part)).toBe(false);
  });

  it('leaves all data in the renamed file when it ends, and none in the file at the path, if its archive was renamed without its -wal', async () => {
    const setting = await startSetting(FLEET);
    const server = await serve(setting);
    const aside = join(setting.folder, 'aside.db');
    const other = join(setting.folder, 'other.db');
    fillArchive(other, 5);
    move(setting.archive, aside, ['']);
    renameSync(other, setting.archive);
    expect((await readiness(server))[0]).toBe(503);
    expect(await server.stop()).toBe(0);
    expectWhole({ ...setting, archive: aside });
    const db = openArchive(setting.archive);
    expect(db.sqlite.prepare('SELECT DISTINCT account_id FROM invocations').pluck().all()).toEqual(['999999999999']);
    expect(db.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });

  it('is not ready if its archive was emptied in place', async () => {
    const setting = await startSetting(FLEET);
    const server = await serve(setting);
    const open = identityOf(setting.archive);
    truncateSync(setting.archive);
    await expectMoved(server, /an empty file is at its path/, { path: setting.archive, open, found: open });
  });

  it('has lost no data after a stop and a new start if its archive lost its -wal and its -shm for good', async () => {
    const setting = await startSetting(FLEET);
    const server = await serve(setting);
    for (const part of ['-wal', '-shm']) rmSync(setting.archive + part);
    expect((await readiness(server))[0]).toBe(503);
    expect(await server.stop()).toBe(0);
    expectWhole(setting);
    const again = await serve(setting);
    expect((await readiness(again))[0]).toBe(200);
  });

  it('is not ready if its archive is behind a symbolic link that now leads to another archive', async () => {
    const setting = await startSetting(FLEET);
    const real = join(setting.folder, 'real.db');
    const other = join(setting.folder, 'other.db');
    fillArchive(other, 5);
    symlinkSync(real, setting.archive);
    const server = await serve(setting);
    expect((await readiness(server))[0]).toBe(200);
    const point = (to: string) => {
      rmSync(setting.archive);
      symlinkSync(to, setting.archive);
    };
    const open = identityOf(real);
    point(other);
    const files = { path: setting.archive, open, found: identityOf(other) };
    await expectMoved(server, /another file is at its path/, files);
    point(real);
    await expectBack(server);
  });

  it('signs nothing and does not read the other archive if another archive replaced its own; all its refusals say why', async () => {
    const setting = await startSetting(FLEET);
    const other = join(setting.folder, 'other.db');
    fillArchive(other, 20);
    const server = await serve(setting, { SSM_ARCHIVE_VERIFY_SCHEDULE: '* * * * * *' });
    await server.said('Verified: the archive is intact.');
    move(setting.archive, `${setting.archive}.old`);
    renameSync(other, setting.archive);
    for (const path of ['/v1/coverage/certificate', `/v1/evidence?${SPAN}`, '/v1/sql?sql=SELECT%201']) {
      const reply = await fetch(server.url + path);
      const { detail } = JSON.parse(await reply.text());
      expect([path, reply.status, detail]).toEqual([path, 503, expect.stringMatching(/another file is at its path/)]);
    }
    const page = await fetch(`${server.url}/collector/passes`, { method: 'POST', headers: { origin: server.url } });
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('another file is at its path')]);
    await server.said('VERIFY NOT DONE');
    const [line] = server.lines('VERIFY NOT DONE');
    expect(line).toMatchObject({ err: { message: expect.stringMatching(/another file is at its path/) } });
    // The server still answers from the file that it has open.
    const { items } = JSON.parse(await (await fetch(`${server.url}/v1/invocations?limit=5`)).text());
    expect(items.map(({ accountId }: { accountId: string }) => accountId)).toEqual(Array(5).fill(ACCOUNT));
    expect(readdirSync(setting.folder).filter((name) => name.startsWith('.evidence'))).toEqual([]);
  });

  it('ends its pass if its archive is renamed during the pass, and never reports that pass as collected', async () => {
    const setting = await startSetting(FLEET);
    const server = await serve(setting);
    Object.assign(setting.simulator.faults, { slowRate: 1, slowMs: 300 });
    const { pass } = await askForPass(server.url);
    const events = followPass(server.url, pass.id);
    await until(() => setting.simulator.stats.slowReplies > 0);
    move(setting.archive, `${setting.archive}.old`);
    const end = (await events).at(-1)?.view;
    expect(end).toMatchObject({ state: 'failed', error: expect.stringMatching(/nothing is at its path/) });
    expect(server.lines('Collected.')).toHaveLength(1);
    move(`${setting.archive}.old`, setting.archive);
    setting.simulator.faults.slowRate = 0;
    await expectBack(server);
    await server.stop();
    expectWhole(setting);
  });
});

it.concurrent('`ingest` says in which file it has recorded, and exits with code 1, if its archive is renamed during its pass', async () => {
  const setting = await startSetting({ ...FLEET, faults: { slowRate: 1, slowMs: 300 } });
  const { ended } = start(setting, ['ingest']);
  await until(() => setting.simulator.stats.pages > 0);
  move(setting.archive, `${setting.archive}.old`);
  setting.simulator.faults.slowRate = 0;
  const { code, err } = await ended;
  expect(code).toBe(1);
  expect(err).toMatch(
    /^The archive is not the file that was opened: nothing is at its path\. .* has recorded is in the file/m,
  );
  expect(existsSync(setting.archive)).toBe(false);
});
