import type { LakePlace } from '../../src/lake/files/lake-files.ts';
import { tempFolder } from '../db/temp-archive.ts';

/** The place of a lake in a folder; undefined if there is none. */
export function placeOf(location: string | undefined): LakePlace | undefined {
  return location === undefined ? undefined : { location, cacheFolder: tempFolder(), cacheBytes: 1e9 };
}
