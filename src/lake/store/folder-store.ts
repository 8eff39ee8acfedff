import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isDiskFull } from '../../lib/errors/is-disk-full.ts';
import { isMissing } from '../../lib/errors/is-missing.ts';
import { type PathUse, pathFault, systemFault } from '../../lib/errors/path-fault.ts';
import { digestOfFile } from '../../lib/files/digest-of-file.ts';
import { syncFile } from '../../lib/files/sync-file.ts';
import { syncFolder } from '../../lib/files/sync-folder.ts';
import { LakeFault } from './lake-fault.ts';
import { listFiles } from './list-files.ts';
import { LakeConflict, type ObjectStore, type ObjectToPut, type ObjectVersion } from './object-store.ts';
import { partialOf, partialsBeside, removeLeftPartials } from './partial-files.ts';

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
  const partial = (await partialsBeside(target)).map(
    (path): ObjectVersion => ({ kind: 'upload', id: path, isPresent: false }),
  );
  return (await isThere(target)) ? [{ kind: 'version', id: undefined, isPresent: true }, ...partial] : partial;
}

async function removeFile(target: string, keep: string | undefined): Promise<number> {
  const there = await digestOf(target);
  if (keep !== undefined && there !== keep)
    throw new LakeConflict(`${target} is another file than the one that this archive has put there.`);
  const gone = [...(await partialsBeside(target)), ...(keep === undefined && there !== undefined ? [target] : [])];
  for (const path of gone) await rm(path, { force: true });
  if (gone.length > 0) await syncFolder(dirname(target));
  return gone.length;
}

/** Waits for a work on the folder. What the system refuses is told as a sentence with what to do. */
async function explained<T>(folder: string, use: PathUse, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isDiskFull(error))
      throw new LakeFault(`The lake ${folder}: its disk is full. Free some space, and run it again.`, { cause: error });
    // Of the two files of a copy, Node names first the one that is read; it is the lake that can't be written.
    const to = use === 'write' && error instanceof Error && 'dest' in error ? String(error.dest) : undefined;
    const clause = to === undefined ? systemFault(error) : pathFault(to, error, use);
    const known = clause ?? pathFault(folder, error, use);
    if (known === undefined) throw error;
    throw new LakeFault(`The lake ${folder}: ${known}. Correct that, or the setting of the lake.`, { cause: error });
  }
}

async function fetchFile(from: string, to: string): Promise<boolean> {
  if (!(await isThere(from))) return false;
  await copyFile(from, to);
  return true;
}

async function putFile(target: string, { key, path, sha256, replaces }: ObjectToPut): Promise<void> {
  await removeLeftPartials(target);
  const there = await digestOf(target);
  if (there === sha256) return;
  if (there !== undefined && !replaces.includes(there))
    throw new LakeConflict(`${target} is another file than the one that this archive has put there.`);
  await makeFolder(dirname(target));
  const partial = partialOf(target, randomUUID());
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

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    // Node says of a file system that is read-only that the folder is missing which it can't make.
    if (isMissing(error)) refuseReadOnly(path);
    throw error;
  }
}

function refuseReadOnly(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (dirname(path) !== path) refuseReadOnly(dirname(path));
  }
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
