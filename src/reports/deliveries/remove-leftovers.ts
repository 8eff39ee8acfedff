import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '../../lib/process/is-alive.ts';
import { DELIVERY_FORMATS } from '../../questions/reports/report.ts';
import { companionOf, type FileOwner, readTemporaryName } from './delivery-names.ts';

/**
 * Removes from a folder the unfinished files of processes that are gone, and returns their names. The files of another
 * machine count as left behind once they are older than the longest time that a delivery may take. Must be called
 * before this process begins to write.
 */
export async function removeLeftovers(
  directory: string,
  { owner, now, longestMs }: { owner: FileOwner; now: Date; longestMs: number },
): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await namesIn(directory)) {
    const found = readTemporaryName(name);
    if (!found) continue;
    const path = join(directory, name);
    const isGone = found.isOf(owner.host)
      ? found.pid === owner.pid || !isAlive(found.pid)
      : now.getTime() - (await stat(path)).mtimeMs > longestMs;
    if (!isGone) continue;
    // A process that died between the two renames has left a companion without its file.
    const isDelivered = DELIVERY_FORMATS.some((format) => existsSync(join(directory, `${found.final}.${format}`)));
    if (!isDelivered) await rm(join(directory, companionOf(found.final)), { force: true });
    await rm(path, { force: true });
    removed.push(name);
  }
  return removed;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
