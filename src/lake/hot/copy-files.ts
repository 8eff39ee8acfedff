import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR_MS, MINUTE_MS } from '../../lib/time.ts';
import type { HotCopy } from './hot-copy.ts';

/** Another process may still read the files of an older copy for so long. */
const KEPT_MS = HOUR_MS;
/** A file that is younger may be one that another process has just written for its next copy. */
const YOUNG_MS = 10 * MINUTE_MS;

/** Returns the folder of the copies. */
export function folderOfCopies(cacheFolder: string): string {
  return join(cacheFolder, 'hot');
}

/** Removes all copies, with what was pruned in them. The next question makes one again. */
export async function removeCopies(cacheFolder: string): Promise<void> {
  await rm(folderOfCopies(cacheFolder), { recursive: true, force: true });
}

/** Returns the names of a copy's files. Rejects if one of them is gone. */
export async function filesOfCopy(copy: HotCopy, folder: string): Promise<string[]> {
  const names = namesOf(copy);
  for (const name of names) await stat(join(folder, name));
  return names;
}

function namesOf({ days, whole, hotIds }: HotCopy): string[] {
  return [
    ...days.flatMap(({ files }) => Object.values(files)),
    ...Object.values(whole),
    ...(hotIds === null ? [] : [hotIds]),
  ];
}

interface OldCopies {
  folder: string;
  /** How many bytes the files of older copies may have in all. */
  maxBytes: number;
  nowMs: number;
  /** The copies that are in use here, the newest first. */
  copies: readonly HotCopy[];
  /** The paths of their descriptions. */
  views: readonly string[];
}

/** Removes the files that only older copies have: those that are old enough, and more if they take too much room. */
export async function removeOldCopies({ folder, maxBytes, nowMs, copies, views }: OldCopies): Promise<void> {
  const used = new Set([...copies.flatMap(namesOf).map((name) => join(folder, name)), ...views]);
  used.add(join(folder, 'newest.json'));
  const unused: { path: string; size: number; ageMs: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    if (!file) continue;
    // The time of a file is when it was last used, so that it is kept for long enough once it is not.
    if (used.has(path)) await utimes(path, new Date(nowMs), new Date(nowMs)).catch(() => {});
    else unused.push({ path, size: file.size, ageMs: nowMs - file.mtimeMs });
  }
  let bytes = unused.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size, ageMs } of unused.sort((a, b) => b.ageMs - a.ageMs)) {
    if (ageMs < YOUNG_MS || (ageMs < KEPT_MS && bytes <= maxBytes)) continue;
    await rm(path, { recursive: true, force: true });
    bytes -= size;
  }
}
