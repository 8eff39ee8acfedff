import { LakeObjectWrong } from '../store/lake-fault.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { createFileCheck } from './check-file.ts';
import type { CacheOptions, LakeObjects } from './lake-objects.ts';
import { openCache } from './open-cache.ts';

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
