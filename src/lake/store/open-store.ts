import { openFolderStore } from './folder-store.ts';
import type { ObjectLock, ObjectStore } from './object-store.ts';
import { parseLocation } from './parse-location.ts';

export interface StoreOptions {
  /** When this signal aborts, a call that is under way is given up, and its promise rejects with the reason. */
  signal?: AbortSignal | undefined;
  /** How long Object Lock retains what is put; by default as the bucket says. A folder has no such lock. */
  lock?: ObjectLock | undefined;
}

/**
 * Opens the lake at a location: the path of a folder, or `s3://bucket/prefix` with the SDK's own endpoint, region and
 * credentials. Asks nothing of the place yet. Throws UserFault if the location is neither.
 */
export async function openStore(location: string, { signal, lock }: StoreOptions = {}): Promise<ObjectStore> {
  const parsed = parseLocation(location);
  if (parsed.kind === 'folder') return openFolderStore(parsed.path);
  // A lake in a folder needs no SDK, which takes a tenth of a second to load.
  const { openS3Store } = await import('./s3/open-s3-store.ts');
  return openS3Store(parsed, { signal, lock });
}
