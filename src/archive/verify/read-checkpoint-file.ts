import { existsSync, readFileSync } from 'node:fs';
import { UserFault } from '../../lib/user-fault.ts';

/** A checkpoint that was kept as a file, and where it is from. Throws UserFault where it can't be read. */
export function readCheckpointFile(path: string): { from: string; note: string } {
  if (!existsSync(path)) throw new UserFault(`There is no checkpoint ${path}.`, { exitCode: 2 });
  try {
    return { from: path, note: readFileSync(path, 'utf8') };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new UserFault(`The checkpoint ${path} can't be read: ${what}.`, { exitCode: 2, cause: error });
  }
}
