import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lists the files of a build's context, by their paths in it: the files of the folder that its .dockerignore does not
 * exclude. A pattern must be a path, perhaps with `**` before it and `*` in it; at any other pattern this throws.
 */
export function listContext(folder: string): string[] {
  const patterns = readFileSync(join(folder, '.dockerignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(patternOf);
  const found: string[] = [];
  const walk = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const own = join(path, entry.name);
      if (patterns.some((pattern) => pattern.test(own))) continue;
      if (entry.isDirectory()) walk(own);
      else found.push(own);
    }
  };
  walk('');
  return found;
}

function patternOf(line: string): RegExp {
  const [, anywhere = '', path] = /^(\*\*\/)?([\w.*/-]+)$/.exec(line) ?? [];
  if (path === undefined || path.includes('**'))
    throw new Error(`.dockerignore has "${line}", which is not known here.`);
  const escaped = path.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
  return new RegExp(`^${anywhere === '' ? '' : '(.*/)?'}${escaped}$`);
}
