// Benchmarks have their own child processes, because src/lib/child does not fit. Its `end` kills the child, but these
// children have to close their databases and servers first. Its thread that watches the parent would count in the
// figures for memory. And the files of bench/children are only known by their names, so here a schema checks each
// answer, where src/lib/child relies on types.

import { fork } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { ZodType, z } from 'zod';
import { packageRoot } from '../../src/lib/process/package-root.ts';

export interface Child {
  /**
   * Sends a request and resolves with the child's answer, checked against a schema; rejects if the child ends first.
   */
  ask<T extends ZodType>(request: unknown, form: T): Promise<z.output<T>>;
  end(): Promise<void>;
}

/**
 * Runs a file of bench/children/ in a separate process. The file is bundled as `npm run build` bundles the product:
 * with tsx, every figure would include its loader. `input` reaches the child as JSON. `replaced` maps files of src/ to
 * the files of bench/recording/ that replace them.
 */
export async function startChild(
  folder: string,
  name: string,
  input: unknown,
  replaced: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const file = await bundle(folder, name, replaced);
  const child = fork(file, [JSON.stringify(input)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ask: (request, form) =>
      new Promise((resolve, reject) => {
        const fail = (code: number | null) => reject(new Error(`${basename(file)} ended with ${code}.`));
        child.once('exit', fail);
        child.once('message', (answer) => {
          child.off('exit', fail);
          resolve(form.parse(answer));
        });
        child.send({ request });
      }),
    end: () => {
      if (child.connected) child.disconnect();
      return ended;
    },
  };
}

async function bundle(folder: string, name: string, replaced: Readonly<Record<string, string>>): Promise<string> {
  const root = packageRoot();
  const variant = Object.keys(replaced).length > 0 ? '-replaced' : '';
  const outfile = join(folder, 'children', `${name}${variant}.js`);
  if (mkdirSync(join(folder, 'children'), { recursive: true }) !== undefined) {
    // The bundle looks here for the native part of better-sqlite3, and for the migrations.
    for (const needed of ['node_modules', 'migrations', 'package.json'])
      symlinkSync(join(root, needed), join(folder, 'children', needed));
  }
  await build({
    entryPoints: [join(root, 'bench', 'children', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22.15',
    external: ['better-sqlite3', '@duckdb/node-api'],
    plugins: [replacing(root, replaced)],
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

function replacing(root: string, replaced: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'replacing',
    setup(build) {
      build.onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
        const other = replaced[relative(join(root, 'src'), resolve(resolveDir, path))];
        return other === undefined ? undefined : { path: join(root, 'bench', 'recording', other) };
      });
    },
  };
}
