import { extname, join } from 'node:path';
import { packageRoot } from './package-root.ts';

/** The file of a child process's program, by its name: a source where this is one, a built one where this is built. */
export function programPath(name: string): string {
  const extension = extname(import.meta.url);
  return join(packageRoot(), ...(extension === '.ts' ? ['src', 'programs'] : ['dist']), name + extension);
}
