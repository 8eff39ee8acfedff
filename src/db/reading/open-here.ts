import { realpathSync } from 'node:fs';
import type { ReadMode } from './connect-to-read.ts';

/** For each path, the modes in which this process has the file open, the newest last. */
const open = new Map<string, { mode: ReadMode }[]>();

/**
 * Records that this process has a file open; `usual` may include writing. The returned function records that it was
 * closed.
 */
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
 * Returns how this process has a file open; undefined if it does not have the file open. If it is open, nobody may read
 * its header as a file or open it with another library: closing a descriptor drops all of the process's locks on the
 * file.
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
