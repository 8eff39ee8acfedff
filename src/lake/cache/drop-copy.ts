import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { placesOf } from './cache-places.ts';

/**
 * Removes the copy of an object from a cache, by its SHA-256 in hex: what was pruned must not stay on this machine. A
 * question that has it open reads on; its own name for the file goes when the question ends.
 */
export async function dropCopy(folder: string, sha256: string): Promise<void> {
  await rm(join(placesOf(folder).objects, sha256), { force: true });
}
