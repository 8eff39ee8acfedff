import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../../lib/files/sync-folder.ts';

/** A file that was renamed, so that nothing looks for it any more. */
export interface SetAside {
  from: string;
  to: string;
}

/** A name beside the file's own that no file has yet, with the time of the renaming in it. */
export function asideOf(path: string, at: Date, endings: readonly string[] = ['']): string {
  const name = `${path}.set-aside-${at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const isTaken = (to: string) => endings.some((ending) => existsSync(to + ending));
  for (let n = 1; ; n++) {
    const to = n === 1 ? name : `${name}-${n}`;
    if (!isTaken(to)) return to;
  }
}

/** Renames a file in this way. The renaming is on disk when this resolves. Throws the system's errors. */
export async function setAside(path: string, at: Date): Promise<SetAside> {
  const to = asideOf(path, at);
  renameSync(path, to);
  await syncFolder(dirname(path));
  return { from: path, to };
}
