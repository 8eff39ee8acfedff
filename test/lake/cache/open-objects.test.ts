import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import type { LakeObjects } from '../../../src/lake/cache/lake-objects.ts';
import { openObjects } from '../../../src/lake/cache/open-objects.ts';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import { LakeObjectWrong } from '../../../src/lake/store/lake-fault.ts';
import type { SealedObject } from '../../../src/ledger/entries/sealed-entry.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { stagedFile } from '../store/staged-file.ts';
import { asBucket, cachedIn, putObject } from './lake-in-bucket.ts';

const BYTES = 1000;

/** A lake with some objects of 1,000 bytes, and a cache with room for some of them. */
async function started({ objects: count = 5, room = 3 } = {}) {
  const lake = join(tempFolder(), 'lake');
  const folder = join(tempFolder(), 'cache');
  const store = asBucket(lake);
  const objects: SealedObject[] = [];
  for (let n = 0; n < count; n++) {
    const key = `plugins/day=2026-03-0${n + 1}/archive-0.parquet`;
    objects.push(await putObject(store, key, { ...stagedFile(key, { bytes: BYTES }), bytes: BYTES }));
  }
  const open = () => {
    const opened = openObjects(store, { folder, maxBytes: room * BYTES });
    onTestFinished(() => opened.close());
    return opened;
  };
  return { lake, folder, store, objects, open, cached: () => readdirSync(cachedIn(folder)).sort() };
}

async function use(objects: LakeObjects, object: SealedObject | undefined): Promise<Buffer> {
  if (!object) throw new Error('there is no such object');
  const { path, release } = await objects.open(object);
  const content = readFileSync(path);
  await release();
  return content;
}

it('an object of a bucket is fetched once, and read again without the bucket', async () => {
  const { open, objects, store, lake } = await started();
  const opened = open();
  const [first] = objects;
  const content = readFileSync(join(lake, first?.key ?? ''));
  await Promise.all([use(opened, first), use(opened, first)]);
  expect((await use(open(), first)).equals(content)).toBe(true);
  expect(store.fetched).toEqual([first?.key]);
});

it('the cache never has more bytes than it may, and what was used the longest ago goes first', async () => {
  const { open, objects, store, cached } = await started();
  const opened = open();
  const [a, b, c, d] = objects;
  for (const object of [a, b, c]) await use(opened, object);
  await use(opened, a);
  await use(opened, d);
  expect(cached()).toEqual([a, c, d].map((object) => object?.sha256).sort());
  expect(store.fetched).toHaveLength(4);
});

it('what is open never leaves the cache, even if it was opened by another process', async () => {
  const { open, objects, cached } = await started({ room: 2 });
  const [a, b, c] = objects;
  if (!a) throw new Error('there is no object');
  const held = await open().open(a);
  const other = open();
  await use(other, b);
  await use(other, c);
  expect(cached()).toEqual([a, c].map((object) => object?.sha256).sort());
  expect(statSync(held.path).size).toBe(BYTES);
  await held.release();
  await use(other, b);
  await use(other, c);
  expect(cached()).not.toContain(a.sha256);
});

it('what is opened freshly comes from the bucket, although the cache has it, and does not stay', async () => {
  const { open, objects, store, folder, cached } = await started();
  const [a] = objects;
  await use(open(), a);
  const fresh = openObjects(store, { folder, maxBytes: 3 * BYTES, isFresh: true });
  expect((await use(fresh, a)).length).toBe(BYTES);
  expect(store.fetched).toHaveLength(2);
  expect([cached().length, readdirSync(join(folder, 'partial')).length]).toEqual([1, 0]);
});

it('an object that is larger than the cache is refused in words', async () => {
  const { open, objects } = await started({ room: 0.5 });
  await expect(use(open(), objects[0])).rejects.toThrow(
    "The lake's cache may have 500 bytes, and plugins/day=2026-03-01/archive-0.parquet alone has 1000. Make the cache larger.",
  );
});

it('an object that is missing, cut or changed in the bucket is named, and nothing of it is given out', async () => {
  const { open, objects, lake, cached } = await started();
  const [a, b, c] = objects;
  if (!c) throw new Error('there is no object');
  writeFileSync(join(lake, a?.key ?? ''), Buffer.alloc(BYTES));
  writeFileSync(join(lake, b?.key ?? ''), Buffer.alloc(10));
  const opened = open();
  const key = a?.key ?? '';
  await expect(use(opened, a)).rejects.toThrow(LakeObjectWrong);
  await expect(use(opened, a)).rejects.toThrow(`${key} has the SHA-256 `);
  await expect(use(opened, b)).rejects.toThrow('has 10 bytes, and the ledger says 1000');
  await expect(use(opened, { ...c, key: 'plugins/none' })).rejects.toThrow(
    /^The lake \S+: plugins\/none is missing\. Bring it back .*"ssm-archive verify --lake"/,
  );
  expect(cached()).toEqual([]);
  expect((await use(opened, c)).length).toBe(BYTES);
});

it('a file of the cache that was damaged on the disk is fetched again', async () => {
  const { open, objects, store, folder } = await started();
  const [a] = objects;
  const before = await use(open(), a);
  writeFileSync(join(cachedIn(folder), a?.sha256 ?? ''), Buffer.alloc(BYTES));
  expect((await use(open(), a)).equals(before)).toBe(true);
  expect(store.fetched).toHaveLength(2);
});

it('what a process left that was killed does not stay, and makes no room smaller', async () => {
  const { open, objects, folder } = await started({ room: 1 });
  const opened = open();
  await use(opened, objects[0]);
  const [mark = ''] = readdirSync(join(folder, 'open')).map((name) => name.split('-')[0]);
  const dead = `${mark}-4194304`;
  mkdirSync(join(folder, 'open', `${dead}.x`));
  writeFileSync(join(folder, 'partial', `${dead}.1000.x`), 'half');
  const elsewhere = join(folder, 'partial', '00000000-1.0.x');
  writeFileSync(elsewhere, 'half');
  await use(opened, objects[1]);
  expect(readdirSync(join(folder, 'open'))).toHaveLength(1);
  expect(readdirSync(join(folder, 'partial'))).toEqual(['00000000-1.0.x']);
  utimesSync(elsewhere, 0, 0);
  await use(opened, objects[2]);
  expect(existsSync(elsewhere)).toBe(false);
});

it('a lake in a folder is read in place, and a file that is not the one of the ledger is named', async () => {
  const { lake, folder, objects } = await started();
  const [a, b] = objects;
  if (!a || !b) throw new Error('there are no objects');
  const opened = openObjects(openFolderStore(lake), { folder, maxBytes: 0 });
  const { path } = await opened.open(a);
  expect(path).toBe(join(lake, a.key));
  expect(existsSync(folder)).toBe(false);
  writeFileSync(path, Buffer.alloc(BYTES));
  await expect(opened.open(a)).rejects.toThrow(LakeObjectWrong);
  await expect(opened.open({ ...b, key: 'none' })).rejects.toThrow('none is missing');
});

it('several processes share a cache that is smaller than what they read, and each reads what it asked for', async () => {
  const { lake, folder, objects } = await started({ objects: 6, room: 4 });
  const program = new URL('./use-objects.ts', import.meta.url).pathname;
  const runs = await Promise.all(
    [1, 2, 3].map(async (seed) => {
      const args = ['--import', 'tsx', program, lake, folder, String(4 * BYTES), JSON.stringify(objects), String(seed)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const [out, err] = [text(child.stdout), text(child.stderr)];
      await once(child, 'exit');
      return `${await out}${await err}`;
    }),
  );
  expect(runs).toEqual(['good 60\n', 'good 60\n', 'good 60\n']);
  const kept = readdirSync(cachedIn(folder));
  expect(kept.length).toBeLessThanOrEqual(4);
  expect(readdirSync(join(folder, 'partial'))).toEqual([]);
}, 60_000);
