import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWell } from './run-to-end.ts';

export const DEBOOTSTRAP = '/usr/sbin/debootstrap';

const SCRIPT = join(import.meta.dirname, 'make-base-root.sh');
const MIRROR = 'http://deb.debian.org/debian';

/**
 * Returns a folder with a fresh Debian of this suite; nobody may change the folder. It is made once, in half a minute,
 * and cached for the user under a digest of everything that it is made from. `scratch` is an empty folder.
 */
export async function baseRoot(suite: string, scratch: string): Promise<string> {
  const recipe = [suite, MIRROR, process.arch, readFileSync(SCRIPT, 'utf8')];
  const digest = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 16);
  const folder = join(cacheFolder(), `debian-${suite}-${digest}`);
  if (existsSync(folder)) return folder;
  // The folder gets its name last, so that an unfinished root is never taken for a complete one after an interruption.
  const unfinished = `${folder}.${randomUUID()}.tmp`;
  try {
    await runWell('unshare', ['--mount', '/bin/sh', SCRIPT], {
      env: { ...process.env, SUITE: suite, MIRROR, ROOT: scratch, TARGET: unfinished },
    });
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run may have made the folder first.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

function cacheFolder(): string {
  const home = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(canMake(home) ? home : tmpdir(), 'ssm-archive');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
