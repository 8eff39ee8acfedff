import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryName } from '../../../src/reports/deliveries/delivery-names.ts';
import { removeLeftovers } from '../../../src/reports/deliveries/remove-leftovers.ts';
import { tempFolder } from '../../db/temp-archive.ts';

const HERE = { host: 'here', pid: process.pid };
const gone = { host: 'here', pid: spawnSync(process.execPath, ['--version']).pid };
const options = { owner: HERE, now: new Date(), longestMs: 60_000 };

function folderWith(names: readonly string[]): string {
  const folder = tempFolder();
  for (const name of names) writeFileSync(join(folder, name), 'x');
  return folder;
}

it('unfinished files of processes that have ended are removed; unfinished files of live processes and all other files stay', async () => {
  const left = [
    temporaryName('a-20260331T120000Z', gone),
    temporaryName('a-20260331T120000Z.json', gone),
    // This file has the number of this process, but this process has begun no file yet: an earlier process with the
    // same number made the file.
    temporaryName('b-20260331T120000Z', HERE),
  ];
  const others = [
    ...[temporaryName('c-20260331T120000Z', { host: 'here', pid: process.ppid }), 'mine.csv', '.mine.tmp'],
    ...['a-20260331T110000Z.csv', 'a-20260331T110000Z.json', '.a.ssm-archive-1.tmp'],
  ];
  const folder = folderWith([...left, ...others]);
  expect((await removeLeftovers(folder, options)).sort()).toEqual([...left].sort());
  expect(readdirSync(folder).sort()).toEqual([...others].sort());
});

it('an unfinished file of another machine is removed only if it is older than the longest possible delivery', async () => {
  const [young, old] = [1, 2].map((pid) => temporaryName('a-20260331T120000Z', { host: 'elsewhere', pid }));
  const folder = folderWith([young ?? '', old ?? '']);
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(join(folder, old ?? ''), longAgo, longAgo);
  await removeLeftovers(folder, options);
  expect(readdirSync(folder)).toEqual([young]);
});

it('a companion is removed if its report file is missing, and stays if that file exists', async () => {
  const undelivered = [temporaryName('a-20260331T120000Z', gone), 'a-20260331T120000Z.json'];
  const delivered = ['b-20260331T120000Z.json', 'b-20260331T120000Z.ndjson'];
  const folder = folderWith([...undelivered, ...delivered, temporaryName('b-20260331T120000Z', gone)]);
  await removeLeftovers(folder, options);
  expect(readdirSync(folder).sort()).toEqual(delivered);
});

it('a folder that does not exist has no leftovers', async () => {
  expect(await removeLeftovers(join(tempFolder(), 'nowhere'), options)).toEqual([]);
});
