import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { isMissing } from '../../lib/errors/is-missing.ts';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { LakeFault, type LakeObjectWrong } from '../store/lake-fault.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { type CachePlaces, nameOfPartial, ownFolder, placesOf } from './cache-places.ts';
import type { CheckFile } from './check-file.ts';
import type { CacheOptions, LakeObjects, OpenedObject } from './lake-objects.ts';
import { makeRoom } from './make-room.ts';

interface CacheDeps extends CacheOptions {
  check: CheckFile;
  wrong(key: string, what: string): LakeObjectWrong;
}

/**
 * A file may leave the cache between two steps of an opening, if other processes need its room. Then it is fetched again.
 */
const TRIES = 5;

/**
 * Returns the objects of a bucket by way of a folder. Each is there once, under its digest. An object that is open has a
 * second name, a hard link in a folder of this process: a process that makes room sees that, and if the first goes nevertheless, the
 * second name still leads to the file.
 */
export function openCache(
  store: ObjectStore,
  { folder, maxBytes, isFresh = false, check, wrong }: CacheDeps,
): LakeObjects {
  const places = placesOf(folder);
  const own = ownFolder(places);
  const fetching = new Map<string, Promise<void>>();

  /** Fetches an object into a file of its own, which the caller removes. */
  async function fetchPartial(object: SealedObject): Promise<string> {
    const partial = join(places.partial, nameOfPartial(object));
    try {
      await makeRoom(places, { object, maxBytes, partial });
      if (!(await store.get(object.key, partial))) throw wrong(object.key, 'is missing');
      const what = await check(partial, object);
      if (what !== undefined) throw wrong(object.key, what);
      return partial;
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  async function bring(object: SealedObject): Promise<void> {
    const partial = await fetchPartial(object);
    try {
      await linkOnce(partial, pathIn(places, object));
    } finally {
      await rm(partial, { force: true });
    }
  }

  function bringOnce(object: SealedObject): Promise<void> {
    const running = fetching.get(object.sha256);
    if (running) return running;
    const begun = bring(object).finally(() => fetching.delete(object.sha256));
    fetching.set(object.sha256, begun);
    return begun;
  }

  /** Gives the cached file its second name; undefined if the cache does not have it. */
  async function openCached(object: SealedObject): Promise<OpenedObject | undefined> {
    const path = join(own, `${randomUUID()}.parquet`);
    const cached = pathIn(places, object);
    try {
      await link(cached, path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    // Files that were damaged on this disk are fetched again.
    if ((await check(path, object)) !== undefined) {
      await Promise.all([path, cached].map((one) => rm(one, { force: true })));
      return undefined;
    }
    // The time of the last use; the other one stays, since it tells whether the file was changed.
    const { mtime } = await stat(path);
    await utimes(path, new Date(), mtime);
    return { path, release: () => rm(path, { force: true }) };
  }

  return {
    async open(object) {
      try {
        await Promise.all(
          [places.objects, places.partial, own].map((one) => mkdir(one, { recursive: true, mode: 0o700 })),
        );
        if (isFresh) {
          const path = await fetchPartial(object);
          return { path, release: () => rm(path, { force: true }) };
        }
        for (let attempt = 1; attempt <= TRIES; attempt++) {
          const opened = await openCached(object);
          if (opened) return opened;
          await bringOnce(object);
        }
      } catch (error) {
        throw explained(folder, error);
      }
      throw new LakeFault(
        `The lake's cache ${folder} has no room for ${object.key}: other questions need it all. Ask again, or make the cache larger.`,
      );
    },
    close: () => rm(own, { recursive: true, force: true }),
  };
}

function pathIn({ objects }: CachePlaces, { sha256 }: SealedObject): string {
  return join(objects, sha256);
}

/** Another process may have brought the same object. */
async function linkOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function explained(folder: string, error: unknown): unknown {
  if (error instanceof LakeFault) return error;
  if (isDiskFull(error))
    return new LakeFault(
      `The disk of the lake's cache ${folder} is full. Free some space, or make the cache smaller.`,
      {
        cause: error,
      },
    );
  const clause = pathFault(folder, error, 'write');
  if (clause === undefined) return error;
  return new LakeFault(`The lake's cache: ${clause}. Correct that, or the setting of the cache.`, { cause: error });
}
