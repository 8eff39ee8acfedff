import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMissing } from '../../lib/errors/is-missing.ts';
import { isLeftOver, processMark } from '../../lib/process/process-mark.ts';

/** The end of the name of a file that is still being written. No key ends so. */
export const PARTIAL = '.partial';

/** Returns the path under which a file is written before it gets its own. `id` is a random text. */
export function partialOf(target: string, id: string): string {
  return `${target}.${processMark()}.${id}${PARTIAL}`;
}

/** Returns the paths of the files that are, or were, being written beside a file. */
export async function partialsBeside(target: string): Promise<string[]> {
  const folder = dirname(target);
  const start = `${basename(target)}.`;
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.filter((name) => name.startsWith(start) && name.endsWith(PARTIAL)).map((name) => join(folder, name));
}

/** Removes what processes that were killed have left beside a file: each seal that is killed would leave more. */
export async function removeLeftPartials(target: string): Promise<void> {
  const start = `${basename(target)}.`;
  for (const path of await partialsBeside(target)) {
    const file = await stat(path).catch(() => undefined);
    const [mark = ''] = basename(path).slice(start.length).split('.');
    if (file && isLeftOver(mark, Date.now() - file.mtimeMs)) await rm(path, { force: true });
  }
}
