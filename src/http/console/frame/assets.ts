import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../../lib/package-root.ts';

/** The console's own stylesheets and scripts, as the sources name them. */
export type AssetName = 'console.css' | 'console.js' | 'sql.js';

const Manifest = z.object({ entries: z.record(z.string(), z.string()), files: z.array(z.string()) });

const TYPES: Record<string, string> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' };

let manifest: z.output<typeof Manifest> | undefined;

/** What the build made; read at the first page. */
function readManifest() {
  manifest ??= Manifest.parse(JSON.parse(readFileSync(join(folder(), 'manifest.json'), 'utf8')));
  return manifest;
}

function folder(): string {
  return join(packageRoot(), 'dist', 'console');
}

/** Where a page finds it. Its name has its content's hash: it may be kept for ever. */
export function pathOfAsset(name: AssetName): string {
  const file = readManifest().entries[name];
  if (file === undefined) throw new Error(`The build made no ${name}: run "npm run build".`);
  return `/assets/${file}`;
}

/** A file that the build made, by its last name; undefined for any other. */
export function readAsset(file: string): { text: string; type: string } | undefined {
  if (!readManifest().files.includes(file)) return undefined;
  const type = TYPES[file.split('.').at(-1) ?? ''];
  return type === undefined ? undefined : { text: readFileSync(join(folder(), file), 'utf8'), type };
}
