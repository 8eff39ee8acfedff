import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Returns the folder that holds this package's package.json and migrations. It works both in the sources and in the
 * built files.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'migrations', 'meta', '_journal.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The folder "migrations" is missing from the installed ssm-archive package.');
    folder = parent;
  }
  return folder;
}

/** This package's version. */
export function packageVersion(): string {
  const manifest: { version?: unknown } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return String(manifest.version);
}
