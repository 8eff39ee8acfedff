import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { tempFolder } from '../../db/temp-archive.ts';
import { runCli } from '../run-cli.ts';

it('an archive that another program has locked is reported in the program’s own words', {
  timeout: 60_000,
}, async () => {
  const folder = tempFolder();
  expect((await runCli(folder, ['init', '--db', 'archive.db'])).exitCode).toBe(0);
  const holder = new SQLite(join(folder, 'archive.db'));
  try {
    holder.exec('BEGIN EXCLUSIVE');
    const { exitCode, stderr } = await runCli(folder, ['migrate', '--db', 'archive.db']);
    expect(stderr).not.toContain('SQLITE_');
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Another program has locked the archive.*\n$/)]);
  } finally {
    holder.close();
  }
});
