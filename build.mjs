// One file for each program, and one for what several share. They start in a third of the time that separate modules
// need, and a command loads only its own files. better-sqlite3 and DuckDB stay outside, because their native parts are
// found relative to their own folders.
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { bundledPackages } from './build/bundled-packages.ts';
import { formatNotices } from './build/format-notices.ts';

// Shared files are named by their content, so files of an earlier build would stay.
await rm('dist', { recursive: true, force: true });
const programs = await build({
  entryPoints: {
    main: 'src/cli/main.ts',
    collector: 'src/programs/collector.ts',
    reader: 'src/programs/reader.ts',
    'sql-reader': 'src/programs/sql-reader.ts',
    'lake-sql-reader': 'src/programs/lake-sql-reader.ts',
    'lake-copier': 'src/programs/lake-copier.ts',
    verifier: 'src/programs/verifier.ts',
    'lake-verifier': 'src/programs/lake-verifier.ts',
    'evidence-maker': 'src/programs/evidence-maker.ts',
    sealer: 'src/programs/sealer.ts',
    stager: 'src/programs/stager.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.15',
  // The SDK's clients have ES modules beside CommonJS. Only of these does the build leave out what nothing uses: the
  // operations that we never call, with the form of their requests and replies, are a megabyte.
  mainFields: ['module', 'main'],
  external: ['better-sqlite3', '@duckdb/node-api'],
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  legalComments: 'none',
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});

// The command that is started. It first checks Node's version, and only then loads the program.
const { engines } = JSON.parse(await readFile('package.json', 'utf8'));
await build({
  entryPoints: { cli: 'src/cli/start.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node10',
  supported: { 'dynamic-import': true },
  define: { SUPPORTED_NODE: JSON.stringify(engines.node) },
  plugins: [
    {
      name: 'program-beside',
      setup: ({ onResolve }) => onResolve({ filter: /^\.\/main\.ts$/ }, () => ({ path: './main.js', external: true })),
    },
  ],
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
// npm makes it executable only when it installs the package; "npx ssm-archive" in a clone starts it after any build.
await chmod('dist/cli.js', 0o755);

// The files of the pages at /docs, so that these pages need no internet.
const swagger = ['swagger-ui-bundle.js', 'swagger-ui.css'].map((name) => `node_modules/swagger-ui-dist/${name}`);
await mkdir('dist/swagger-ui', { recursive: true });
for (const file of swagger) await copyFile(file, join('dist/swagger-ui', basename(file)));

// The console's own script and stylesheet, and those of the page of SQL. Their names have the hash of their content.
const { metafile } = await build({
  entryPoints: {
    console: 'src/http/console/islands/console.ts',
    report: 'src/http/console/islands/report.ts',
    sql: 'src/http/console/islands/sql.ts',
    style: 'src/http/console/styles/console.css',
    'sql-style': 'src/http/console/styles/sql.css',
  },
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  outdir: 'dist/console',
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'browser',
  format: 'esm',
  // Code that scripts share with the server makes elements of the page there, by another JSX runtime than that of
  // tsconfig.json.
  tsconfigRaw: { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'hono/jsx/dom', verbatimModuleSyntax: true } },
  target: ['chrome123', 'firefox125', 'safari17.5'],
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const outputs = Object.entries(metafile.outputs).map(([path, { entryPoint }]) => [basename(path), entryPoint]);
const entries = outputs.flatMap(([file, entryPoint]) =>
  entryPoint ? [[basename(entryPoint).replace(/\.ts$/, '.js'), file]] : [],
);
await writeFile(
  'dist/console/manifest.json',
  JSON.stringify({ entries: Object.fromEntries(entries), files: outputs.map(([file]) => file) }),
);

// If tree-shaking leaves nothing of a module, the module is in no output.
const bundled = [...Object.values(programs.metafile.outputs), ...Object.values(metafile.outputs)];
const inputs = bundled.flatMap((output) => Object.keys(output.inputs));
await writeFile('dist/THIRD-PARTY-NOTICES', formatNotices(bundledPackages({ inputs, copied: swagger })));
