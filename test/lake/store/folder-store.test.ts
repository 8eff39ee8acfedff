import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { LakeFault } from '../../../src/lake/store/lake-fault.ts';
import { LakeConflict } from '../../../src/lake/store/object-store.ts';
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
