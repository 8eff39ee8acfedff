import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../lib/errors/is-missing.ts';
import type { StoredObject } from './object-store.ts';
import { PARTIAL } from './partial-files.ts';

/** Keys have fewer folders. A link that leads back to its own folder would else never end. */
const MOST_FOLDERS = 8;

/**
 * Returns the files of a folder whose keys begin so, in the order of their keys, without those that are still written.
 * Links are followed, as they are when an object is read: folders of old days may have moved to another disk.
 */
export async function listFiles(folder: string, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  // The folder that all of these keys are in.
  await walk(folder, prefix.split('/').slice(0, -1), found);
  return found.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function walk(folder: string, above: readonly string[], found: StoredObject[]): Promise<void> {
  const entries = await unlessMissing(readdir(join(folder, ...above), { withFileTypes: true }));
  for (const entry of entries ?? []) {
    if (entry.name.endsWith(PARTIAL)) continue;
    const names = [...above, entry.name];
    if (entry.isDirectory()) await walk(folder, names, found);
    if (!entry.isFile() && !entry.isSymbolicLink()) continue;
    const file = await unlessMissing(stat(join(folder, ...names)));
    if (file?.isFile()) found.push({ key: names.join('/'), sizeBytes: file.size });
    else if (file?.isDirectory() && names.length < MOST_FOLDERS) await walk(folder, names, found);
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
