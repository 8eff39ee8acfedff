import { realpathSync } from 'node:fs';
import type { ReadMode } from './connect-to-read.ts';

/** How the connections of this process have files open, by their paths, the last one last. */
const open = new Map<string, { mode: ReadMode }[]>();

/** Notes that this process has a file open, for writing too where `usual` is how; the function that is given notes that it has no more. */
export function noteOpenHere(path: string, mode: ReadMode): () => void {
  const real = realPath(path);
  const note = { mode };
  open.set(real, [...(open.get(real) ?? []), note]);
  return () => {
    const left = (open.get(real) ?? []).filter((other) => other !== note);
    if (left.length > 0) open.set(real, left);
    else open.delete(real);
  };
}

/**
 * How this process has a file open already; undefined where it has not. Then its header must not be read as a file, and no other library may
 * open it: what closes a descriptor drops all locks that the process has on the file.
 */
export function modeHere(path: string): ReadMode | undefined {
  return open.get(realPath(path))?.at(-1)?.mode;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
