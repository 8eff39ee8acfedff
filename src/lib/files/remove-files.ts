import { rmSync } from 'node:fs';

/** The codes of errors about a path at which no file can exist. */
const NEVER_THERE = ['ENOTDIR', 'ENAMETOOLONG', 'ELOOP'];

/**
 * Removes files if they exist. It often runs after an error, when files could not be made, and must not hide that error
 * behind another one.
 */
export function removeFiles(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && NEVER_THERE.includes(String(error.code)))) throw error;
    }
  }
}
