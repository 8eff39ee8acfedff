import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/db/open.ts';
import { ACCOUNT, type OnEnd, REGION, type Setting, start, startSetting } from '../../end-to-end/run-cli.ts';
import { expectEqualToService } from '../../ingest/expect-equal.ts';
import { isWithoutMounts, NEEDS_MOUNTS, type SmallDisk, smallDisk } from '../../small-disk.ts';
import { until } from '../../until.ts';
import { askForPass, followPass } from '../passes/follow-pass.ts';
import { type Serving, serve } from '../serve.ts';

const MIB = 2 ** 20;
const SPAN = 'requestedAfter=2026-01-01&requestedBefore=2099-01-01';
/** A fleet whose replies do not change while a test runs. */
const FLEET = { invocations: 200, longShare: 0, rollingShare: 0 };

/** Commands that only read, each with a part of its output for this archive. Each command reads in other processes. */
const SOME_READING: [says: RegExp, ...args: string[]][] = [
  [/^Rows {7}\d+ invocations/m, 'status'],
  [/"n": ?"?\d+/, 'sql', 'SELECT count(*) AS n FROM invocations', '--format', 'json'],
  [/^INTACT/, 'verify'],
];
const READING: typeof SOME_READING = [
  ...SOME_READING,
  [/^complete /m, 'coverage'],
  [/^what-ran/m, 'report'],
  [/i-[0-9a-f]+/, 'report', 'status-by-node', '--format', 'csv'],
  [/There are no holds\./, 'hold', 'list'],
  [/^Would go/, 'prune', '--older-than', '400d'],
];

async function answerOf({ url }: Serving, path: string, init?: RequestInit): Promise<[status: number, body: string]> {
  const reply = await fetch(url + path, init);
  return [reply.status, await reply.text()];
}

const isReady = async (server: Serving) => (await answerOf(server, '/readyz'))[0] === 200;

/** Runs these commands at the same time, and expects that each succeeds without any room on the disk. */
async function expectReading(setting: Setting, commands: typeof READING): Promise<void> {
  const results = await Promise.all(
    commands.map(async ([says, ...args]) => ({ says, command: args.join(' '), ...(await start(setting, args).ended) })),
  );
  for (const { says, command, code, out, err } of results)
    expect([command, code, out, err]).toEqual([
      command,
      0,
      expect.stringMatching(says),
      expect.not.stringMatching(/full/),
    ]);
}

/** `doctor` also asks the service, and reports the full disk itself as a fault. */
async function expectDoctor(setting: Setting): Promise<void> {
  const { out } = await start(setting, ['doctor']).ended;
  expect(out).toMatch(/^ok {7}archive: .* is whole$/m);
  expect(out).toMatch(/^FAILED {3}disk: Only 0 B free/m);
}

describe.skipIf(isWithoutMounts)(`on a full disk ${NEEDS_MOUNTS}`, () => {
  const ends: (() => void | Promise<void>)[] = [];
  let disk: SmallDisk;
  let setting: Setting;
  let server: Serving;

  beforeAll(async () => {
    const onEnd: OnEnd = (end) => void ends.unshift(end);
    disk = smallDisk(24 * MIB, onEnd);
    const started = await startSetting(FLEET, onEnd);
    // The archive and the files beside it are on the small disk.
    const archive = join(disk.folder, 'archive.db');
    setting = { ...started, archive, env: { ...started.env, SSM_ARCHIVE_DB: archive } };
    server = await serve(setting, {}, onEnd);
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('a server is alive but not ready, and gives the reason before it gets any other request', async () => {
    expect(await isReady(server)).toBe(true);
    disk.fill();
    expect(await answerOf(server, '/readyz')).toEqual([
      503,
      expect.stringMatching(
        /The access log can't be written: its disk is full\. Until it can be written, no answer is sent\./,
      ),
    ]);
    expect((await answerOf(server, '/healthz'))[0]).toBe(200);
    await server.said("The access log can't be written: its disk is full.");
  });

  it('a server refuses answers that it cannot record; its metrics, which need no record, say that it is not ready', async () => {
    for (const path of ['/v1/runs', '/v1/invocations', '/']) expect((await answerOf(server, path))[0]).toBe(503);
    const [status, metrics] = await answerOf(server, '/metrics');
    expect([status, metrics]).toEqual([200, expect.stringMatching(/^ssm_archive_ready 0$/m)]);
    expect(metrics).toMatch(/^ssm_archive_disk_free_bytes 0$/m);
  });

  it('commands that only read work while a server runs', () => expectReading(setting, SOME_READING));

  it('a server becomes ready again by itself once there is room, and then collects', async () => {
    disk.free();
    await until(() => isReady(server));
    await server.said('The access log can be written again.');
    expect(server.lines("The access log can't be written")).toHaveLength(1);
    const { pass } = await askForPass(server.url);
    expect((await followPass(server.url, pass.id)).at(-1)?.view.state).toBe('complete');
    expect((await answerOf(server, '/metrics'))[1]).toMatch(/^ssm_archive_ready 1$/m);
  });

  it('a pass that finds no room fails with that reason, and the server is not ready until there is room for the next pass', async () => {
    const elsewhere = { SSM_ARCHIVE_ACCESS_DB: join(setting.folder, 'access.db') };
    const other = await serve(setting, elsewhere, (end) => void ends.unshift(end));
    // Leaves enough room for SQLite to commit something.
    disk.fill(0.1 * MIB);
    const { pass } = await askForPass(other.url);
    const failed = (await followPass(other.url, pass.id)).at(-1)?.view;
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringMatching(/^The disk is full: /) });
    const full = [
      503,
      expect.stringMatching(
        /archive can't be written: its disk is full\. Until it can be written, nothing is collected/,
      ),
    ];
    expect(await answerOf(other, '/readyz')).toEqual(full);
    expect((await answerOf(other, '/v1/runs'))[0]).toBe(200);
    const saved = {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"description":"One.","sql":"SELECT 1"}',
    };
    disk.fill();
    for (const [path, init] of [
      ['/v1/reports/mine', saved],
      [`/v1/evidence?${SPAN}`, {}],
    ] as const)
      expect([path, ...(await answerOf(other, path, init))]).toEqual([
        path,
        503,
        expect.stringMatching(/"The disk is full"/),
      ]);
    disk.fill(MIB);
    expect(await answerOf(other, '/readyz')).toEqual(full);
    disk.free();
    await until(() => isReady(other));
    const again = await askForPass(other.url);
    expect((await followPass(other.url, again.pass.id)).at(-1)?.view.state).toBe('complete');
    expect(await other.stop()).toBe(0);
  });

  it('commands that only read work after the server was killed, and after it was stopped', async () => {
    disk.fill();
    await server.stop('SIGKILL');
    await expectReading(setting, SOME_READING);
    disk.free();
    const next = await serve(setting, {}, (end) => void ends.unshift(end));
    expect(await next.stop()).toBe(0);
    disk.fill();
    await expectReading(setting, READING);
    await expectDoctor(setting);
  });

  it('commands that write report that the disk is full, and so does a server that is started', async () => {
    const span = ['--from', '2026-01-01', '--to', '2099-01-01'];
    for (const args of [
      ['serve'],
      ['ingest'],
      ['coverage', '--certificate'],
      ['evidence', '--output', '/tmp/no.zip', ...span],
    ]) {
      const { code, err } = await start(setting, args).ended;
      expect([args[0], code, err]).toEqual([args[0], 1, expect.stringMatching(/(?:^|"msg":")The disk is full: /m)]);
    }
  });

  it('nothing in the archive is lost or damaged', () => {
    disk.free();
    const db = openArchive(setting.archive);
    expect(db.sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
    expectEqualToService(db, setting.simulator, ACCOUNT, REGION);
    db.close();
    rmSync('/tmp/no.zip', { force: true });
  });
});
