import { join } from 'node:path';
import { openFolderStore } from '../../../src/lake/store/folder-store.ts';
import type { ObjectStore } from '../../../src/lake/store/object-store.ts';
import type { SealedObject } from '../../../src/ledger/entries/sealed-entry.ts';

/** A store of which nothing can be read in place, as if the folder were a bucket. It counts what is fetched. */
export function asBucket(folder: string): ObjectStore & { fetched: string[] } {
  const { pathOf: _, ...store } = openFolderStore(folder);
  const fetched: string[] = [];
  return {
    ...store,
    fetched,
    get(key, path) {
      fetched.push(key);
      return store.get(key, path);
    },
  };
}

/** Puts an object of random bytes into a lake, and returns what the ledger would say of it. */
export async function putObject(
  store: ObjectStore,
  key: string,
  file: { path: string; sha256: string; bytes: number },
) {
  await store.put({ key, path: file.path, sha256: file.sha256, replaces: [] });
  const object: SealedObject = { table: 'plugins', key, rows: 1, sizeBytes: file.bytes, sha256: file.sha256 };
  return object;
}

export function cachedIn(folder: string): string {
  return join(folder, 'objects');
}
