import { mkdtempSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** A build takes 0.7 GiB. */
const NEEDED_BYTES = 2 * 2 ** 30;

/**
 * Makes a new folder, in memory if there is enough: an image has thousands of files, and is removed again within a
 * minute.
 */
export function scratchFolder(): string {
  return mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), 'ssm-archive-container-'));
}

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    // The size limit of the folder in memory does not say how much memory is free.
    return bavail * bsize > NEEDED_BYTES && freemem() > 2 * NEEDED_BYTES;
  } catch {
    return false;
  }
}
