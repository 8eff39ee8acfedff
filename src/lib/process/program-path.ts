import { extname, join } from 'node:path';
import { packageRoot } from './package-root.ts';

/**
 * Returns the file of a child process's program by its name: a source file if this file is a source, else a built one.
 */
export function programPath(name: string): string {
  const extension = extname(import.meta.url);
  return join(packageRoot(), ...(extension === '.ts' ? ['src', 'programs'] : ['dist']), name + extension);
}
