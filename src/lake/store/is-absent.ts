import { stat } from 'node:fs/promises';
import type { ObjectStore } from './object-store.ts';

/**
 * Whether a lake is a folder that is not there. A bucket that is not there can't be listed, but a folder may still have to be
 * made, and a listing of it is empty.
 */
export async function isAbsent({ pathOf, name }: ObjectStore): Promise<boolean> {
  if (!pathOf) return false;
  try {
    await stat(name);
    return false;
  } catch (error) {
    // The listing says in words what else is wrong with it.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
