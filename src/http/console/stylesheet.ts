import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lib/package-root.ts';
import { sha256 } from '../../lib/sha256.ts';

/** The console's stylesheet, and the path that its content has: it may be kept for ever. */
export interface Stylesheet {
  text: string;
  path: string;
}

let read: Stylesheet | undefined;

/** Copied into dist/ by the build; read at the first page. */
export function stylesheet(): Stylesheet {
  if (!read) {
    const text = readFileSync(join(packageRoot(), 'dist', 'console', 'console.css'), 'utf8');
    read = { text, path: `/assets/console-${sha256(text).toString('hex').slice(0, 16)}.css` };
  }
  return read;
}
