import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Running, type Setting, start, startSetting } from '../end-to-end/run-cli.ts';
import { until } from '../until.ts';
import { fillArchive } from './fill-archive.ts';
import { childrenOf, commandOf } from './processes.ts';

const SLOW = 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c';
const KEY_FILES = ['archive-ledger.key', 'archive-ledger.signed', 'archive-ledger.signed.lock'];
const SPAN = ['--from', '2020-01-01', '--to', '2100-01-01'];

/** Makes an archive whose pack takes seconds to make, and returns a function that runs commands on it. */
async function setUp() {
  const setting = await startSetting({ invocations: 20 });
  const data = join(setting.folder, 'data');
  mkdirSync(data);
  const archive = join(data, 'archive.db');
  const within: Setting = {
    ...setting,
    env: { ...setting.env, SSM_ARCHIVE_DB: archive, SSM_ARCHIVE_PORT: '0', SSM_ARCHIVE_SCHEDULE: '0 0 1 1 *' },
  };
  fillArchive(archive, 30_000);
  return { setting, data, begin: (...args: string[]): Running => start(within, args) };
}

const workIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('.evidence-'));

/** Whether this folder has a part of a pack as plain text. */
const hasBegun = (folder: string) =>
  workIn(folder).some((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).some((path) =>
      path.endsWith('states.ndjson'),
    ),
  );

it('the plain-text files of a pack whose process was killed are removed at the next start, but only in the archive’s folder', async () => {
  const { setting, data, begin } = await setUp();
  const killed = [data, setting.folder].map((folder) =>
    begin('evidence', ...SPAN, '--output', join(folder, 'pack.zip')),
  );
  await until(() => hasBegun(data) && hasBegun(setting.folder));
  for (const folder of [data, setting.folder])
    expect(workIn(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o700]);
  const makers = killed.flatMap(({ child }) => childrenOf(child.pid ?? 0));
  expect(makers).toHaveLength(2);
  for (const { child, ended } of killed) {
    child.kill('SIGKILL');
    await ended;
  }
  const alive = begin('evidence', ...SPAN, '--output', join(data, 'alive.zip'));
  await until(
    () => workIn(data).length > 0 && workIn(data).every((name) => !name.includes(`-${killed[0]?.child.pid}-`)),
  );
  expect((await alive.ended).code).toBe(0);
  expect(alive.errors()).toContain('Removed the remains of evidence packs whose processes were killed: .evidence-');

  // The processes that the killed commands had started have ended, too.
  await until(() => makers.every((pid) => !existsSync(`/proc/${pid}`)));
  expect(workIn(setting.folder)).toHaveLength(1);
  expect(readdirSync(data).filter((name) => name.endsWith('.zip'))).toEqual(['alive.zip']);
});

it('files of a pack whose server was killed are removed by the next server, which keeps the files of packs that are still being made', async () => {
  const { data, begin } = await setUp();
  const first = begin('serve');
  const address = (server: Running) => /"url":"([^"]+)"/.exec(server.errors())?.[1];
  await until(() => address(first) !== undefined);
  const asking = fetch(
    `${address(first)}/v1/evidence?requestedAfter=2020-01-01T00:00:00Z&requestedBefore=2100-01-01T00:00:00Z`,
  ).catch(() => undefined);
  await until(() => hasBegun(data));
  const [left = ''] = workIn(data);
  first.child.kill('SIGKILL');
  await Promise.all([first.ended, asking]);
  expect(workIn(data)).toContain(left);
  const alive = begin('evidence', ...SPAN, '--output', join(data, 'alive.zip'));
  await until(() => workIn(data).some((name) => name.includes(`-${alive.child.pid}-`)));
  const second = begin('serve');
  await until(() => address(second) !== undefined);
  expect(workIn(data)).toEqual([expect.stringContaining(`-${alive.child.pid}-`)]);
  expect((await alive.ended).code).toBe(0);
  second.child.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);
  expect(workIn(data)).toEqual([]);
});

it.each([
  ['SIGINT', [], () => true],
  ['SIGTERM', ['--sql', SLOW], isSelecting],
] as const)(
  'a command that makes a pack leaves no file and exits with code 1 within seconds of %s, with the options %j',
  async (signal, query, isThere) => {
    const { data, begin } = await setUp();
    const making = begin('evidence', ...SPAN, '--output', join(data, 'pack.zip'), ...query);
    await until(() => hasBegun(data) && isThere(making));
    const before = performance.now();
    making.child.kill(signal);
    const { code, err } = await making.ended;
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('Not made: stopped before the end.') });
    expect(performance.now() - before).toBeLessThan(5000);
    expect(readdirSync(data)).toEqual([...KEY_FILES, 'archive.db']);
  },
);

/** Whether the command is writing the rows of the query. */
function isSelecting({ child }: Running): boolean {
  return childrenOf(child.pid ?? 0).some((pid) => commandOf(pid).includes('sql-reader'));
}
