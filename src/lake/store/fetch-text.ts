import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from './object-store.ts';

/** Returns the text of an object of the lake; undefined if there is none. */
export async function fetchText(store: ObjectStore, key: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ssm-archive-text-'));
  try {
    const path = join(folder, 'object');
    return (await store.get(key, path)) ? await readFile(path, 'utf8') : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
