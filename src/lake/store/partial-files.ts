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

/** Removes what processes that were killed have left beside a file: each seal that is killed would leave more. */
export async function removeLeftPartials(target: string): Promise<void> {
  const folder = dirname(target);
  const start = `${basename(target)}.`;
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const name of names) {
    if (!name.startsWith(start) || !name.endsWith(PARTIAL)) continue;
    const path = join(folder, name);
    const file = await stat(path).catch(() => undefined);
    const [mark = ''] = name.slice(start.length).split('.');
    if (file && isLeftOver(mark, Date.now() - file.mtimeMs)) await rm(path, { force: true });
  }
}
