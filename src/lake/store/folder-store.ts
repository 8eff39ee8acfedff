import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { syncFile } from '../../lib/files/sync-file.ts';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { LakeConflict, type ObjectStore, type ObjectToPut, type StoredObject } from './object-store.ts';

/** The end of the name of a file that is still being written. No key ends so. */
const PARTIAL = '.partial';

/** Returns a lake in a folder. The folder is made at the first put. */
export function openFolderStore(path: string): ObjectStore {
  const folder = resolve(path);
  const pathOf = (key: string) => join(folder, ...key.split('/'));
  return {
    name: folder,
    put: (object) => putFile(pathOf(object.key), object),
    async fetch(key, path) {
      try {
        await copyFile(pathOf(key), path);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    list: (prefix) => listFiles(folder, prefix),
    close() {},
  };
}

async function putFile(target: string, { key, path, sha256, replaces }: ObjectToPut): Promise<void> {
  const there = await digestOf(target);
  if (there === sha256) return;
  if (there !== undefined && !replaces.includes(there))
    throw new LakeConflict(`${target} is another file than the one that this archive has put there.`);
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.${randomUUID()}${PARTIAL}`;
  try {
    await copyFile(path, partial);
    await syncFile(partial);
    // A link fails if somebody else has put a file there since, where a renaming would replace it.
    if (there === undefined) await link(partial, target);
    else await rename(partial, target);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new LakeConflict(`Another program has put ${key} into the lake at the same time.`, { cause: error });
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
  await syncFolder(dirname(target));
}

async function digestOf(path: string): Promise<string | undefined> {
  try {
    await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function* listFiles(folder: string, prefix: string): AsyncGenerator<StoredObject> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const keys = names
    .filter((entry) => entry.isFile() && !entry.name.endsWith(PARTIAL))
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter((key) => key.startsWith(prefix))
    .sort();
  for (const key of keys) yield { key, sizeBytes: (await stat(join(folder, key))).size };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
