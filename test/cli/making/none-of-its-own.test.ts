import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../db/temp-archive.ts';
import { runHere } from '../run-here.ts';
import { contentsOf, dataOf } from './making-trial.ts';

/** Commands that need an existing archive, one for each way to open it. */
const COMMANDS: readonly string[][] = [
  ['migrate'],
  ['source', 'end', 'prod'],
  ['key', 'renew', '--after-restore'],
  ['prune', '--older-than', '400d'],
  ['status'],
  ['coverage'],
  ['sql', 'SELECT 1'],
  ['verify', '--processes', '1'],
  ['backup', 'copy.db'],
];

const IN_THE_WAY: readonly [string, (path: string) => void, RegExp][] = [
  ['an empty file', (path) => writeFileSync(path, ''), /is empty.*ssm-archive restore BACKUP/],
  [
    'a SQLite file without a table',
    (path) => {
      const sqlite = new SQLite(path);
      sqlite.exec('CREATE TABLE t (a); DROP TABLE t');
      sqlite.close();
    },
    /is empty.*ssm-archive restore BACKUP/,
  ],
  ['a folder', (path) => mkdirSync(path), /is a folder/],
];

describe.each(COMMANDS)('%s', (...args) => {
  it.each(IN_THE_WAY)('does not turn %s into an archive, and says what the file is', async (_, put, says) => {
    const folder = tempFolder();
    const path = join(dataOf(folder), 'archive.db');
    mkdirSync(dirname(path), { recursive: true });
    put(path);
    const before = contentsOf(dataOf(folder));
    const { exitCode, stderr } = await runHere(folder, args, { AWS_REGION: 'eu-west-1' });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(contentsOf(dataOf(folder))).toEqual(before);
  });
});
