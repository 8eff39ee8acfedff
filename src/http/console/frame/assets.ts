import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../../lib/process/package-root.ts';

/** The console's own stylesheets and scripts, by their names before the build. */
export type AssetName = 'console.css' | 'console.js' | 'report.js' | 'sql.css' | 'sql.js';

const Manifest = z.object({ entries: z.record(z.string(), z.string()), files: z.array(z.string()) });

const TYPES: Record<string, string> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' };

interface Asset {
  text: string;
  type: string;
}

let built: { entries: Record<string, string>; assets: Map<string, Asset> } | undefined;

/**
 * All files of the build. They are read once, for the first page: so a new build does not change the pages of a running
 * server.
 */
function readBuilt() {
  if (!built) {
    const folder = join(packageRoot(), 'dist', 'console');
    const { entries, files } = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
    const assets = files.map((file): [string, Asset] => {
      const type = TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain; charset=utf-8';
      return [file, { text: readFileSync(join(folder, file), 'utf8'), type }];
    });
    built = { entries, assets: new Map(assets) };
  }
  return built;
}

/**
 * Returns the address of a file. The name of the file contains the hash of its content, so browsers may keep it
 * forever.
 */
export function pathOfAsset(name: AssetName): string {
  const file = readBuilt().entries[name];
  if (file === undefined) throw new Error(`The build has no file ${name}: run "npm run build".`);
  return `/assets/${file}`;
}

/** Returns a file that the build made, by the last part of its address; undefined for any other name. */
export function readAsset(file: string): Asset | undefined {
  return readBuilt().assets.get(file);
}
