import { extname, join } from 'node:path';
import { packageRoot } from './package-root.ts';

/**
 * Returns the path of a child process's program, by the program's name: a source file if this file is a source file,
 * else a built file.
 */
export function programPath(name: string): string {
  const extension = extname(import.meta.url);
  return join(packageRoot(), ...(extension === '.ts' ? ['src', 'programs'] : ['dist']), name + extension);
}
