import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../src/db/open.ts';
import { isAlive } from '../../src/lib/process/is-alive.ts';
import { startSetting } from '../end-to-end/run-cli.ts';
import { knowTests } from '../on-test-end.ts';
import { until } from '../until.ts';
import { type Server, startServer } from './start-server.ts';

knowTests();

const NEVER = '0 0 1 1 *';
const EACH_SECOND = '* * * * * *';
const ERROR = 50;

/** Returns the figures of the last verification, by the part of their names after ssm_archive_verify_. */
async function figures({ url }: Server): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/^ssm_archive_verify_(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
}

const linesOf = ({ logged }: Server, beginning: string) =>
  logged.filter(({ msg }) => String(msg).startsWith(beginning));
const said = (server: Server, beginning: string) => until(() => linesOf(server, beginning).length > 0);

function change(archive: string, sql: string): void {
  const db = openArchive(archive);
  db.sqlite.exec(sql);
  db.close();
}

describe.concurrent('a server', { timeout: 60_000 }, () => {
  it('verifies its archive some time after its start, and its metrics have no result before', async () => {
    const setting = await startSetting({ invocations: 100 });
    // An archive that no pass has signed yet is only consistent.
    const first = await startServer(setting);
    await said(first, 'Collected.');
    await first.stop();
    const before = Date.now() / 1000;
    const config = { verifySchedule: NEVER, checkpointDirectory: join(setting.folder, 'kept') };
    const server = await startServer(setting, undefined, { config, firstVerifyAfterMs: 2000 });
    expect(await figures(server)).toEqual({});
    await said(server, 'Verified: the archive is intact.');
    const [line] = linesOf(server, 'Verified');
    expect(line).toMatchObject({ size: expect.any(Number), elapsedMs: expect.any(Number) });
    const { intact, leaves, duration_seconds, completed_timestamp_seconds } = await figures(server);
    expect({ intact, leaves }).toEqual({ intact: 1, leaves: line?.size });
    expect(duration_seconds).toBe(Number(line?.elapsedMs) / 1000);
    expect(completed_timestamp_seconds).toBeGreaterThan(before);
  });

  it('verifies on its schedule; a changed archive raises an alert and sets the metric to 0', async () => {
    const setting = await startSetting({ invocations: 100 });
    const server = await startServer(setting, undefined, { config: { verifySchedule: EACH_SECOND } });
    await said(server, 'Verified: the archive is intact.');
    await until(() => Number(openedCount(setting.archive)) > 0);
    change(setting.archive, "UPDATE invocations SET comment = 'changed' WHERE id = (SELECT min(id) FROM invocations)");
    await said(server, 'VERIFY FAILED');
    const [line] = linesOf(server, 'VERIFY FAILED');
    const fault = expect.stringMatching(/invocations\.comment differs from its last state/);
    expect(line).toMatchObject({ level: ERROR, faults: 1, first: [fault], msg: fault });
    expect(line?.msg).toMatch(/ssm-archive verify --json/);
    expect(await figures(server)).toMatchObject({ intact: 0 });
  });

  it('verifies against the checkpoints that it has published, so it detects an older file in the archive’s place', async () => {
    const setting = await startSetting({ invocations: 100 });
    const checkpointDirectory = join(setting.folder, 'kept');
    const older = join(setting.folder, 'older.db');
    for (const after of [() => copyFileSync(setting.archive, older), () => copyFileSync(older, setting.archive)]) {
      const server = await startServer(setting, undefined, { config: { checkpointDirectory } });
      await said(server, 'Collected.');
      await server.stop();
      after();
    }
    const config = { checkpointDirectory, verifySchedule: NEVER };
    const server = await startServer(setting, undefined, { config, firstVerifyAfterMs: 0 });
    await said(server, 'VERIFY FAILED');
    expect(linesOf(server, 'VERIFY FAILED')[0]?.msg).toMatch(
      /the checkpoint .*kept.checkpoint\S* (has \d+ leaves|has another root)/,
    );
  });

  it('raises a different alert if a verification could not run, and reports no figures for it', async () => {
    const setting = await startSetting({ invocations: 100 });
    const verifierProgram = { path: join(setting.folder, 'ends.mjs') };
    writeFileSync(verifierProgram.path, 'process.exit(7)');
    const config = { verifySchedule: NEVER };
    const server = await startServer(setting, undefined, { config, verifierProgram, firstVerifyAfterMs: 0 });
    await said(server, 'VERIFY NOT DONE');
    expect(linesOf(server, 'VERIFY NOT DONE')).toMatchObject([
      { level: ERROR, err: { message: 'A verifying process ended with exit code 7.' } },
    ]);
    expect(await figures(server)).toEqual({});
    rmSync(verifierProgram.path);
  });

  it('stops a verification when the server is told to stop, and leaves no process', async () => {
    const setting = await startSetting({ invocations: 100 });
    const pidFile = join(setting.folder, 'pid');
    const verifierProgram = { path: join(setting.folder, 'endless.mjs') };
    writeFileSync(
      verifierProgram.path,
      `import { writeFileSync } from 'node:fs';
       process.on('message', () => { writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); for (;;); });
       process.send({ kind: 'ready' });`,
    );
    const config = { verifySchedule: NEVER };
    const server = await startServer(setting, undefined, { config, verifierProgram, firstVerifyAfterMs: 0 });
    const pid = () => Number(readFileSync(pidFile, { encoding: 'utf8', flag: 'a+' }));
    await until(() => pid() > 0);
    await server.stop();
    expect(isAlive(pid())).toBe(false);
    expect(linesOf(server, 'A verification was given up')).toHaveLength(1);
    expect(linesOf(server, 'VERIFY')).toEqual([]);
  });
});

function openedCount(archive: string): unknown {
  const db = openArchive(archive);
  try {
    return db.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get();
  } finally {
    db.close();
  }
}
