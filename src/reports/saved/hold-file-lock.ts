import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { sleep } from '../../lib/time.ts';
import { ReportsFileBusy } from '../errors.ts';

/** A change takes milliseconds: a lock this old was left by a process that died. */
const STALE_MS = 10_000;
const TURN_MS = 10;
const MOST_TURNS = 3000;

export interface FileLock {
  /** Throws ReportsFileBusy if another process has removed the lock as stale. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Waits until nobody else holds the lock, in this process or in any other that sees the folder, and then holds it. The
 * lock belongs to the process that makes its file; the file's age is measured by the folder's own clock. Throws
 * ReportsFileBusy.
 */
export async function holdFileLock(path: string): Promise<FileLock> {
  const id = randomUUID();
  const isOurs = async () => (await readFile(path, 'utf8').catch(() => '')) === id;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    if (await hasCreated(path, id)) {
      return {
        async assertHeld() {
          if (!(await isOurs())) throw new ReportsFileBusy(path);
        },
        async release() {
          if (await isOurs()) await rm(path, { force: true });
        },
      };
    }
    await removeStale(path, `${path}.${id}`);
    await sleep(TURN_MS);
  }
  throw new ReportsFileBusy(path);
}

async function hasCreated(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(path: string, aside: string): Promise<void> {
  try {
    // A new file's time shows what time it is by the folder's clock.
    await writeFile(aside, '');
    const [held, now] = await Promise.all([stat(path), stat(aside)]);
    if (now.mtimeMs - held.mtimeMs < STALE_MS) return;
    await rename(path, aside);
    // Another process may have removed the stale lock and taken the lock since this one looked. If so, its lock is put
    // back.
    if ((await stat(aside)).ino !== held.ino) await hasCreated(path, await readFile(aside, 'utf8'));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
