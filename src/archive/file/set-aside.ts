import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../../lib/files/sync-folder.ts';

/** A file that was renamed so that no process uses it any more. */
export interface SetAside {
  from: string;
  to: string;
}

/** A free path in the file's folder, with the time of the renaming in the name. */
export function asideOf(path: string, at: Date, endings: readonly string[] = ['']): string {
  const name = `${path}.set-aside-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const isTaken = (to: string) => endings.some((ending) => existsSync(to + ending));
  for (let n = 1; ; n++) {
    const to = n === 1 ? name : `${name}-${n}`;
    if (!isTaken(to)) return to;
  }
}

/**
 * Renames a file to the path that `asideOf` returns. When this resolves, the renaming is on disk. Throws the system's
 * errors.
 */
export async function setAside(path: string, at: Date): Promise<SetAside> {
  const to = asideOf(path, at);
  renameSync(path, to);
  await syncFolder(dirname(path));
  return { from: path, to };
}
