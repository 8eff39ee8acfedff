import { stat } from 'node:fs/promises';
import { z } from 'zod';
import type { SealedObject } from '../../archive/sealed/read-sealed-days.ts';
import { isMissing } from '../../lib/errors/is-missing.ts';
import { createFileCheck } from '../cache/check-file.ts';
import type { OpenedObject } from '../cache/lake-objects.ts';
import { openObjects } from '../cache/open-objects.ts';
import { LakeObjectWrong } from '../store/lake-fault.ts';
import { openStore } from '../store/open-store.ts';

/** Where the lake is, and where objects of a bucket are kept on this machine. */
export const LakePlace = z.object({
  /** The path of a folder, or `s3://bucket/prefix`. */
  location: z.string(),
  cacheFolder: z.string(),
  cacheBytes: z.int(),
});

export type LakePlace = z.output<typeof LakePlace>;

/** The objects of a lake as files of this machine. */
export interface LakeFiles {
  /** The place of the lake, for messages. */
  readonly name: string;
  /**
   * Resolves with the path of a file that has an object's content; undefined if the lake has another one there now, or none.
   * Rejects with a sentence for the user if the lake can't be reached.
   */
  pathOf(object: SealedObject): Promise<string | undefined>;
  /** Like `pathOf`, but the digest of a folder's file is compared too. */
  exactPathOf(object: SealedObject): Promise<string | undefined>;
  /** Lets the files go that were found for a question. */
  release(): Promise<void>;
}

/** Opens the files of a lake. Nothing of it is read yet. */
export async function openLakeFiles({ location, cacheFolder, cacheBytes }: LakePlace): Promise<LakeFiles> {
  const store = await openStore(location);
  if (store.pathOf) return folderFiles(store.name, store.pathOf);
  const objects = openObjects(store, { folder: cacheFolder, maxBytes: cacheBytes });
  let open: OpenedObject[] = [];
  const pathOf = async (object: SealedObject) => {
    try {
      const opened = await objects.open(object);
      open.push(opened);
      return opened.path;
    } catch (error) {
      if (error instanceof LakeObjectWrong) return undefined;
      throw error;
    }
  };
  return {
    ...{ name: store.name, pathOf },
    // Files of the cache have the digest in their names, and were compared when they came.
    exactPathOf: pathOf,
    async release() {
      const before = open;
      open = [];
      await Promise.all(before.map((one) => one.release()));
    },
  };
}

/** Files of a folder are read where they are. */
function folderFiles(name: string, pathOf: (key: string) => string): LakeFiles {
  const check = createFileCheck();
  async function fileOf({ key, sizeBytes }: SealedObject): Promise<string | undefined> {
    const path = pathOf(key);
    const file = await unlessMissing(stat(path));
    // Without the folder it is not the object that is missing: perhaps a disk is not mounted.
    if (!file) await stat(name);
    return file?.isFile() && file.size === sizeBytes ? path : undefined;
  }
  return {
    name,
    // To compare digests for each question would take longer than the question; `verify --lake` does that.
    pathOf: fileOf,
    async exactPathOf(object) {
      const path = await fileOf(object);
      return path !== undefined && (await check(path, object)) === undefined ? path : undefined;
    },
    release: async () => {},
  };
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
