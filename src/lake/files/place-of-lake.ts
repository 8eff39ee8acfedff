import type { LakePlace } from './lake-files.ts';

/** Returns the folder beside an archive in which objects of its lake, and copies of its rows, are kept. */
export function cacheFolderOf(db: string): string {
  return `${db}-lake-cache`;
}

/**
 * Returns where the lake of a configuration is; undefined if it has none. Objects of a bucket are kept beside the
 * archive. `env` has the variables of the process that reads it.
 */
export function placeOfLake(
  { db, lake }: { db: string; lake?: { location: string; cacheBytes: number } | undefined },
  env: Readonly<Record<string, string>> = {},
): (LakePlace & { env: Readonly<Record<string, string>> }) | undefined {
  return lake && { location: lake.location, cacheFolder: cacheFolderOf(db), cacheBytes: lake.cacheBytes, env };
}
