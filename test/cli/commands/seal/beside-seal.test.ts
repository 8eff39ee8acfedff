import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { readReach } from '../../../../src/archive/file/backup/read-reach.ts';
import { setUp } from './seal-trial.ts';

it('how far an archive reaches does not shrink when its newest states go to the lake', async () => {
  const { cli, db, read } = await setUp();
  const before = read(readReach).lastObservedAt;
  expect(before).not.toBeNull();
  expect(await cli('seal')).toMatchObject({ exitCode: 0 });
  const sqlite = new SQLite(db);
  expect(readReach(sqlite).lastObservedAt).toBe(before);
  sqlite.close();
});
