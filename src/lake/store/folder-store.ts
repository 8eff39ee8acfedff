import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { type PathUse, pathFault, systemFault } from '../../lib/errors/path-fault.ts';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { syncFile } from '../../lib/files/sync-file.ts';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { LakeFault } from './lake-fault.ts';
import {
  LakeConflict,
  type ObjectStore,
  type ObjectToPut,
  type ObjectVersion,
  type StoredObject,
} from './object-store.ts';

/** The end of the name of a file that is still being written. No key ends so. */
const PARTIAL = '.partial';

/** Returns a lake in a folder. The folder is made at the first put. */
export function openFolderStore(path: string): ObjectStore {
  const folder = resolve(path);
  const pathOf = (key: string) => join(folder, ...key.split('/'));
  return {
    name: folder,
    pathOf,
    put: (object) => explained(folder, 'write', putFile(pathOf(object.key), object)),
    get: (key, to) => explained(folder, 'read', fetchFile(pathOf(key), to)),
    async *list(prefix) {
      yield* await explained(folder, 'read', listFiles(folder, prefix));
    },
    versions: (key) => explained(folder, 'read', versionsOf(pathOf(key))),
    remove: (key, keep) => explained(folder, 'write', removeFile(pathOf(key), keep)),
    close() {},
  };
}

/** What is at a path: the file, and what is left of writers that were killed. */
async function versionsOf(target: string): Promise<ObjectVersion[]> {
  const partial = (await partialsOf(target)).map(
    (path): ObjectVersion => ({ kind: 'upload', id: path, isPresent: false }),
  );
  return (await isThere(target)) ? [{ kind: 'version', id: undefined, isPresent: true }, ...partial] : partial;
}

async function removeFile(target: string, keep: string | undefined): Promise<number> {
  const there = await digestOf(target);
  if (keep !== undefined && there !== keep)
    throw new LakeConflict(`${target} is another file than the one that this archive has put there.`);
  const gone = [...(await partialsOf(target)), ...(keep === undefined && there !== undefined ? [target] : [])];
  for (const path of gone) await rm(path, { force: true });
  if (gone.length > 0) await syncFolder(dirname(target));
  return gone.length;
}

async function partialsOf(target: string): Promise<string[]> {
  const names = await readdir(dirname(target)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const start = `${basename(target)}.`;
  return names
    .filter((name) => name.startsWith(start) && name.endsWith(PARTIAL))
    .map((name) => join(dirname(target), name));
}

/** Waits for a work on the folder. What the system refuses is told as a sentence with what to do. */
async function explained<T>(folder: string, use: PathUse, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isDiskFull(error))
      throw new LakeFault(`The lake ${folder}: its disk is full. Free some space, and run it again.`, { cause: error });
    const clause = systemFault(error) ?? pathFault(folder, error, use);
    if (clause === undefined) throw error;
    throw new LakeFault(`The lake ${folder}: ${clause}. Correct that, or the setting of the lake.`, { cause: error });
  }
}

async function fetchFile(from: string, to: string): Promise<boolean> {
  if (!(await isThere(from))) return false;
  await copyFile(from, to);
  return true;
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
  return (await isThere(path)) ? digestOfFile(path) : undefined;
}

async function listFiles(folder: string, prefix: string): Promise<StoredObject[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const keys = names
    .filter((entry) => entry.isFile() && !entry.name.endsWith(PARTIAL))
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''))
    .filter((key) => key.startsWith(prefix))
    .sort();
  return Promise.all(keys.map(async (key) => ({ key, sizeBytes: (await stat(join(folder, key))).size })));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
