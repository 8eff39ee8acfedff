import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** A build takes 0.7 GiB. */
const NEEDED_BYTES = 2 * 2 ** 30;

/** A new folder, in memory where there is enough: an image is thousands of files, and gone in a minute. */
export function scratchFolder(): string {
  return mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), 'ssm-archive-container-'));
}

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    // What the folder may hold says nothing of the memory that there is.
    return bavail * bsize > NEEDED_BYTES && freemem() > 2 * NEEDED_BYTES;
  } catch {
    return false;
  }
}
