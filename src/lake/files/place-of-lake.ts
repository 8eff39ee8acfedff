import type { LakePlace } from './lake-files.ts';

/**
 * Returns where the lake of a configuration is; undefined if it has none. Objects of a bucket are kept beside the
 * archive. `env` has the variables of the process that reads it.
 */
export function placeOfLake(
  { db, lake }: { db: string; lake?: { location: string; cacheBytes: number } | undefined },
  env: Readonly<Record<string, string>> = {},
): (LakePlace & { env: Readonly<Record<string, string>> }) | undefined {
  return lake && { location: lake.location, cacheFolder: `${db}-lake-cache`, cacheBytes: lake.cacheBytes, env };
}
