import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { readReach } from '../../../../src/archive/file/backup/read-reach.ts';
import { setUp } from './seal-trial.ts';

it('a hold on sealed days is not called one that keeps nothing, and says that sealed days were not counted', async () => {
  const { cli, days } = await setUp();
  const [first = '', second = ''] = days;
  const place = (from: string, to: string) => cli('hold', 'place', '--from', from, '--to', to, '--reason', 'case 7');
  expect(await cli('seal', '--before', second)).toMatchObject({ exitCode: 0 });
  const sealed = await place(first, second);
  expect(sealed).toMatchObject({ exitCode: 0, stderr: '' });
  expect(sealed.stdout).toContain(
    `It keeps 0 invocations of the archive, and what it names of the days before ${second}, which are sealed and were not counted, from being pruned.`,
  );
  const later = await place(second, days[2] ?? '');
  expect(later.stdout).toMatch(/It keeps [1-9]\d* invocations? of the archive from being pruned\./);
  // This hold is of a day that is not sealed. The first one is of a sealed day, so the sum of both says so.
  expect(later.stdout).toMatch(/All holds together keep [1-9]\d* invocations?, besides those of sealed days\.\n$/);
  for (const id of ['1', '2']) await cli('hold', 'release', id, '--reason', 'closed');
  expect((await place(second, days[2] ?? '')).stdout).toMatch(/All holds together keep [1-9]\d* invocations?\.\n$/);
  expect((await place('2020-01-01', '2020-01-02')).stdout).toContain('were not counted');
  expect((await place('2031-01-01', '2031-01-02')).stderr).toContain(
    'No invocation in the archive matches all of this',
  );
});

it('how far an archive reaches does not shrink when its newest states go to the lake', async () => {
  const { cli, db, read } = await setUp();
  const before = read(readReach).lastObservedAt;
  expect(before).not.toBeNull();
  expect(await cli('seal')).toMatchObject({ exitCode: 0 });
  const sqlite = new SQLite(db);
  expect(readReach(sqlite).lastObservedAt).toBe(before);
  sqlite.close();
});
