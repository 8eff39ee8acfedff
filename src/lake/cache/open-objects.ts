import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { LakeObjectWrong } from '../store/lake-fault.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { createFileCheck } from './check-file.ts';
import { openCache } from './open-cache.ts';

/** An object of the lake as a file on this machine. */
export interface OpenedObject {
  path: string;
  /** Call it when the file is not needed any more: then it may leave the cache. */
  release(): Promise<void>;
}

/** The objects of the lake as files, each of them compared with what the ledger says of it. */
export interface LakeObjects {
  /**
   * Opens an object. Rejects with LakeObjectWrong if the object is missing or is another one, and with LakeFault if the
   * lake can't be read or the cache has no room.
   */
  open(object: SealedObject): Promise<OpenedObject>;
  close(): Promise<void>;
}

/** The folder for objects of a bucket, and how many bytes all processes together may keep there. */
export interface CacheOptions {
  folder: string;
  maxBytes: number;
}

/**
 * Returns the objects of a lake. Those of a folder are read in place; those of a bucket come into the cache, which
 * several processes may share.
 */
export function openObjects(store: ObjectStore, options: CacheOptions): LakeObjects {
  const check = createFileCheck();
  const wrong = (key: string, what: string) => new LakeObjectWrong({ store: store.name, key, what });
  if (!store.pathOf) return openCache(store, { ...options, check, wrong });
  const { pathOf } = store;
  return {
    async open(object) {
      const path = pathOf(object.key);
      const what = await check(path, object);
      if (what !== undefined) throw wrong(object.key, what);
      return { path, release: async () => {} };
    },
    close: async () => {},
  };
}
