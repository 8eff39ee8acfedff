import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { LakeFault } from '../store/lake-fault.ts';
import { type CachePlaces, isLeft, sizeOfPartial } from './cache-places.ts';

/** How long to wait until others release what they have open. */
const WAIT_MS = 10_000;
const PAUSE_MS = 50;

interface Room {
  object: SealedObject;
  maxBytes: number;
  /** The file into which the object will be fetched. It is made here, so that other processes see that it needs room. */
  partial: string;
}

/**
 * Makes room in a cache for an object that is fetched next: removes what was left by processes that are over, and
 * then the objects that were used the longest ago, never one that is open. Rejects with LakeFault if there can't be
 * room.
 */
export async function makeRoom(places: CachePlaces, { object, maxBytes, partial }: Room): Promise<void> {
  const { key, sizeBytes } = object;
  if (sizeBytes > maxBytes)
    throw new LakeFault(
      `The lake's cache may have ${maxBytes} bytes, and ${key} alone has ${sizeBytes}. Make the cache larger.`,
    );
  await writeFile(partial, '', { mode: 0o600 });
  for (let waited = 0; ; waited += PAUSE_MS) {
    if (await shrink(places, maxBytes)) return;
    if (waited >= WAIT_MS)
      throw new LakeFault(
        `The lake's cache may have ${maxBytes} bytes, and what is open leaves no room for ${key}, which has ${sizeBytes}. Make the cache larger, or ask fewer questions at a time.`,
      );
    await wait(PAUSE_MS);
  }
}

/** Removes objects until the rest is small enough; returns whether it is. */
async function shrink(places: CachePlaces, maxBytes: number): Promise<boolean> {
  await removeLeft(places.open);
  await removeLeft(places.partial);
  const partials = await readdir(places.partial);
  let total = partials.reduce((sum, name) => sum + sizeOfPartial(name), 0);
  const files = await filesIn(places.objects);
  for (const { size } of files) total += size;
  for (const { path, size, isOpen } of files.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (total <= maxBytes) break;
    if (isOpen) continue;
    await rm(path, { force: true });
    total -= size;
  }
  return total <= maxBytes;
}

async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    if (file && isLeft(name, Date.now() - file.mtimeMs)) await rm(path, { recursive: true, force: true });
  }
}

interface CachedFile {
  path: string;
  size: number;
  usedAtMs: number;
  isOpen: boolean;
}

/** A file that is open has a second name. One that another process has removed meanwhile is left out. */
async function filesIn(folder: string): Promise<CachedFile[]> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const file = await stat(path).catch(() => undefined);
      return file && { path, size: file.size, usedAtMs: file.atimeMs, isOpen: file.nlink > 1 };
    }),
  );
  return files.filter((file) => file !== undefined);
}
