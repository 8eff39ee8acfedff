import { join } from 'node:path';
import type { LakeLocation } from '../store/parse-location.ts';

/**
 * Returns the address of a table's folder, without a slash at its end: a path, or an address of S3 by the scheme that
 * the engine knows.
 */
export function folderOf(location: LakeLocation, table: string, scheme = 's3'): string {
  if (location.kind === 'folder') return join(location.path, table);
  return `${scheme}://${location.bucket}/${location.prefix}${table}`;
}
