import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { LakeFault } from '../../../src/lake/store/lake-fault.ts';
import { LakeConflict } from '../../../src/lake/store/object-store.ts';
import { hostMark } from '../../../src/lib/process/host-mark.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { stagedFile } from './staged-file.ts';

const KEY = 'invocations/day=2026-03-01/archive-0.parquet';

function started() {
  const folder = join(tempFolder(), 'lake');
  const store = openFolderStore(folder);
  const digestAt = async (key: string) => {
    const path = join(tempFolder(), 'fetched');
    return (await store.get(key, path)) ? hash('sha256', readFileSync(path)) : undefined;
  };
  return { folder, store, digestAt };
}

it('an object of a folder comes back as it was put, and is put only once', async () => {
  const { folder, store, digestAt } = started();
  expect(await digestAt(KEY)).toBeUndefined();
  const file = stagedFile(KEY);
  await store.put(file);
  await store.put(file);
  expect(await digestAt(KEY)).toBe(file.sha256);
  expect(readdirSync(join(folder, 'invocations/day=2026-03-01'))).toEqual(['archive-0.parquet']);
});

it('a file that this archive has not put there is never replaced, and one that it has put is', async () => {
  const { store, digestAt } = started();
  const first = stagedFile(KEY);
  await store.put(first);
  await expect(store.put(stagedFile(KEY))).rejects.toThrow(LakeConflict);
  await expect(store.put(stagedFile(KEY, { replaces: ['0'.repeat(64)] }))).rejects.toThrow(LakeConflict);
  expect(await digestAt(KEY)).toBe(first.sha256);
  const second = stagedFile(KEY, { replaces: [first.sha256] });
  await store.put(second);
  expect(await digestAt(KEY)).toBe(second.sha256);
});

it('the objects of a folder are listed in the order of their keys, without those that are still written', async () => {
  const { folder, store } = started();
  const listed = async (prefix: string) => {
    const found = [];
    for await (const object of store.list(prefix)) found.push(object);
    return found;
  };
  expect(await listed('')).toEqual([]);
  for (const key of ['b/1', 'a/2', 'a/1']) await store.put(stagedFile(key, { bytes: 10 }));
  writeFileSync(join(folder, 'a', '3.0000.partial'), 'half');
  expect(await listed('')).toEqual(['a/1', 'a/2', 'b/1'].map((key) => ({ key, sizeBytes: 10 })));
  expect((await listed('a/')).map(({ key }) => key)).toEqual(['a/1', 'a/2']);
});

it('a folder that is a file, or has a folder at the place of an object, is told in words', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  const put = openFolderStore(file).put(stagedFile(KEY));
  await expect(put).rejects.toThrow(LakeFault);
  await expect(put).rejects.toThrow(`${file} is a file, not a folder`);
  const { folder, store } = started();
  mkdirSync(join(folder, KEY), { recursive: true });
  await expect(store.get(KEY, join(tempFolder(), 'x'))).rejects.toThrow(LakeFault);
});

it('what a seal that was killed has left of a file goes with the next put of that file, and what is still written stays', async () => {
  const { folder, store } = started();
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const day = join(folder, 'invocations/day=2026-03-01');
  mkdirSync(day, { recursive: true });
  const left = `archive-0.parquet.${hostMark(hostname())}-${dead}.1.partial`;
  const others = [
    `archive-0.parquet.${hostMark(hostname())}-${process.pid}.2.partial`,
    `archive-0.parquet.${hostMark('another machine')}-${dead}.3.partial`,
    `archive-1.parquet.${hostMark(hostname())}-${dead}.4.partial`,
  ];
  for (const name of [left, ...others]) writeFileSync(join(day, name), 'half');
  const file = stagedFile(KEY);
  await store.put(file);
  expect(readdirSync(day).sort()).toEqual(['archive-0.parquet', ...others].sort());
  writeFileSync(join(day, left), 'half');
  await store.put(file);
  expect(readdirSync(day)).not.toContain(left);
});

it('objects behind links are listed, since they are read there too', async () => {
  const { folder, store } = started();
  for (const key of [KEY, 'plugins/day=2026-03-01/archive-0.parquet']) await store.put(stagedFile(key, { bytes: 10 }));
  const elsewhere = tempFolder();
  renameSync(join(folder, 'plugins'), join(elsewhere, 'plugins'));
  symlinkSync(join(elsewhere, 'plugins'), join(folder, 'plugins'));
  renameSync(join(folder, KEY), join(elsewhere, 'one'));
  symlinkSync(join(elsewhere, 'one'), join(folder, KEY));
  symlinkSync(join(elsewhere, 'nothing'), join(folder, 'dangling'));
  symlinkSync(folder, join(folder, 'loop'));
  const keys = [];
  for await (const { key } of store.list('')) if (!key.startsWith('loop/')) keys.push(key);
  expect(keys).toEqual([KEY, 'plugins/day=2026-03-01/archive-0.parquet']);
});
