import { rmSync } from 'node:fs';

/** Where there can be no file of that path at all. */
const NEVER_THERE = ['ENOTDIR', 'ENAMETOOLONG', 'ELOOP'];

/** Removes files that may be there. At the end of work that failed since they could not be made, it must not hide that reason behind its own. */
export function removeFiles(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && NEVER_THERE.includes(String(error.code)))) throw error;
    }
  }
}
