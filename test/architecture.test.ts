import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONFINED } from './confined.ts';
import { ROOMS } from './rooms.ts';

/** The folders of archive/ in their order: each imports only from folders that come before it in this list. */
const ARCHIVE: readonly string[] = [
  'shared',
  'number',
  'claims',
  'sealed',
  'signing',
  'passes',
  'checkpoints',
  'looks',
  'invocations',
  'record',
  'outputs',
  'commands',
  'nodes',
  'exports',
  'whole',
  'file',
  'verify',
  'prune',
  'holds',
  'coverage',
  'figures',
  'values',
  'lake-alone',
  'reports',
  'evidence',
];

const MOST_LINES = 300;

interface Import {
  specifier: string;
  isTypeOnly: boolean;
}

/**
 * Everything that a file imports or re-exports. TypeScript 7 has no stable parser to call, and Biome writes every
 * import in the same way, so regular expressions find them. `import { type T }` still runs the module, so it does not
 * count as type-only.
 */
function importsOf(source: string): Import[] {
  const code = source.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
  const from = /^\s*(?:import|export)\s+(type\s+)?[\w$*{][\w$*{},\s]*?\s*\bfrom\s*['"]([^'"]+)['"]/gm;
  const bare = /^\s*import\s*['"]([^'"]+)['"]/gm;
  const called = /\b(?:import|require)\(\s*(?:['"`]([^'"`]*)['"`])?/g;
  return [
    ...[...code.matchAll(from)].map(([, type, specifier = '']) => ({ specifier, isTypeOnly: type !== undefined })),
    ...[...code.matchAll(bare)].map(([, specifier = '']) => ({ specifier, isTypeOnly: false })),
    ...[...code.matchAll(called)].map(([, specifier = '(computed)']) => ({ specifier, isTypeOnly: false })),
  ];
}

function roomOf(file: string): string | undefined {
  const [first = '', second = ''] = file.split('/');
  return [`${first}/${second}`, first].find((name) => name in ROOMS);
}

/**
 * Returns one sentence for each violation of the tables above. The keys of the map are paths in src/, its values the
 * files' texts.
 */
function faultsOf(files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [file, source] of files) {
    const room = roomOf(file);
    if (room === undefined) faults.push(`${file} is not in any room`);
    const imports = importsOf(source);
    const targets: string[] = [];
    for (const { specifier, isTypeOnly } of imports) {
      if (specifier === '(computed)') faults.push(`${file} imports a module whose name is only known at run time`);
      if (!specifier.startsWith('.')) continue;
      const target = posix.join(posix.dirname(file), specifier);
      if (!files.has(target)) {
        faults.push(`${file} imports ${specifier}, which is not a file of src/`);
        continue;
      }
      targets.push(target);
      const fault = faultOfOrder(file, target);
      if (fault !== undefined) faults.push(fault);
      const to = roomOf(target);
      const { imports: whole = [], types = [] } = room === undefined ? {} : (ROOMS[room] ?? {});
      if (to === room || to === undefined || whole.includes(to) || (isTypeOnly && types.includes(to))) continue;
      const how = types.includes(to) ? ` by more than "import type"` : '';
      faults.push(`${file} (${room}) imports ${target} (${to})${how}`);
    }
    graph.set(file, targets);
    for (const { what, packages, text, to } of CONFINED) {
      const isUsed = imports.some(({ specifier }) => packages?.test(specifier)) || text?.test(source);
      const isAllowed = to.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place));
      if (isUsed && !isAllowed) faults.push(`${file} uses ${what}, which is confined to ${to.join(', ')}`);
    }
  }
  return [...faults, ...circlesOf(graph)];
}

/**
 * Returns the fault of an import within archive/ if its target's folder does not come before the importing folder;
 * otherwise undefined.
 */
function faultOfOrder(file: string, target: string): string | undefined {
  const [from, to] = [file, target].map((path) => (path.startsWith('archive/') ? path.split('/')[1] : undefined));
  if (from === undefined || to === undefined || from === to) return undefined;
  const isBefore = ARCHIVE.includes(to) && ARCHIVE.indexOf(to) < ARCHIVE.indexOf(from);
  return isBefore ? undefined : `${file} imports ${target}, but archive/${to} does not come before archive/${from}`;
}

function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const ended = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push(`circle of imports: ${[...path.slice(at), file].join(' → ')}`);
    if (at >= 0 || ended.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    ended.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}

function readSources(): Map<string, string> {
  const root = fileURLToPath(new URL('../src/', import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|tsx|js)$/.test(name));
  return new Map(names.map((name) => [name.split(/[\\/]/).join('/'), readFileSync(join(root, name), 'utf8')] as const));
}

describe('the rooms of src/', () => {
  const sources = readSources();

  it('import only from the rooms that test/rooms.ts names, without circles, and use nothing that is confined to other places', () => {
    expect(faultsOf(sources)).toEqual([]);
  });

  it('are all read by this test, which finds imports in them', () => {
    const found = importsOf(sources.get('service/service.ts') ?? '').map(({ specifier }) => specifier);
    expect(found).toContain('../ingest/collector/create-collector.ts');
    expect(found).toContain('node:crypto');
    expect(importsOf(sources.get('ingest/run-pass.ts') ?? '')).toContainEqual({
      specifier: '../archive/record/record-run.ts',
      isTypeOnly: false,
    });
    expect(sources.size).toBeGreaterThan(60);
  });

  it('keep every file of archive/ in one of the folders that this test lists in order', () => {
    const folders = [...sources.keys()].filter((file) => file.startsWith('archive/')).map((file) => file.split('/')[1]);
    expect([...new Set(folders)].sort()).toEqual([...ARCHIVE].sort());
  });

  it(`contain no file with more than ${MOST_LINES} lines`, () => {
    const long = [...sources].filter(([, text]) => text.split('\n').length > MOST_LINES).map(([file]) => file);
    expect(long).toEqual([]);
  });

  it('are listed in test/rooms.ts so that no room imports from a room below it', () => {
    const names = Object.keys(ROOMS);
    for (const [room, { imports, types = [] }] of Object.entries(ROOMS)) {
      const above = names.slice(0, names.indexOf(room));
      expect(above, room).toEqual(expect.arrayContaining([...imports, ...types]));
    }
  });
});

describe('a planted violation', () => {
  const planted: [name: string, file: string, text: string, fault: RegExp][] = [
    [
      'an import from a room that the table does not allow',
      'archive/bad.ts',
      "import { x } from '../upstream/errors.ts';",
      /archive\) imports upstream/,
    ],
    [
      'a forbidden import over several lines',
      'lib/bad.ts',
      "import {\n  a,\n  type B,\n} from '../db/open.ts';",
      /lib\) imports db/,
    ],
    [
      'a forbidden import in the form of an export',
      'db/bad.ts',
      "export * from '../archive/file/lease.ts';",
      /db\) imports archive/,
    ],
    [
      'a forbidden import only for its side effect',
      'lib/bad.ts',
      "import '../config/config.ts';",
      /lib\) imports config/,
    ],
    [
      'a forbidden import by a call of import()',
      'lib/bad.ts',
      "const m = await import('../db/open.ts');",
      /lib\) imports db/,
    ],
    ['an import by a computed name', 'lib/bad.ts', 'const m = await import(name);', /only known at run time/],
    [
      'an import of a value from a room that lends only its types',
      'upstream/bad.ts',
      "import { type Config } from '../config/config.ts';",
      /upstream\) imports config\/config\.ts \(config\) by more than "import type"/,
    ],
    [
      'an import of types from a room that does not lend them',
      'db/bad.ts',
      "import type { C } from '../config/config.ts';",
      /db\)/,
    ],
    [
      'an import of one surface by another',
      'http/console/bad.tsx',
      "import { a } from '../aws/aws-error.ts';",
      /http\/console\) imports http\/aws/,
    ],
    [
      'an import of a folder of archive/ by a folder that comes before it',
      'archive/shared/bad.ts',
      "import { x } from '../evidence/evidence.ts';",
      /archive\/evidence does not come before archive\/shared/,
    ],
    ['an import of a file that does not exist', 'lib/bad.ts', "import { x } from './gone.ts';", /not a file of src/],
    [
      'an import of a file outside of src/',
      'lib/bad.ts',
      "import { x } from '../../test/helper.ts';",
      /not a file of src/,
    ],
    ['a file that is not in any room', 'misc/bad.ts', 'export const x = 1;', /not in any room/],
    ['SQLite in a surface', 'http/bad.ts', "import SQLite from 'better-sqlite3';", /confined to db/],
    ['drizzle in a file of archive/', 'archive/bad.ts', "import { eq } from 'drizzle-orm';", /confined to db\/$/],
    ['drizzle by a subpath', 'ingest/bad.ts', "import { eq } from 'drizzle-orm/sql';", /confined to db/],
    [
      'the SDK outside of upstream',
      'ingest/bad.ts',
      "import { S } from '@aws-sdk/client-ssm';",
      /confined to upstream/,
    ],
    ['node-cron in another file', 'ingest/bad.ts', "import cron from 'node-cron';", /confined to ingest\/schedule/],
    ['Hono in the collector', 'ingest/bad.ts', "import { Hono } from 'hono';", /confined to http/],
    ['the environment', 'archive/bad.ts', 'const home = process.env.HOME;', /confined to config/],
    ['the environment by an import', 'cli/bad.ts', "import { env } from 'node:process';", /confined to config/],
    ['the environment by a destructured process', 'cli/bad.ts', 'const { env } = process;', /confined to config/],
    ['standard output', 'cli/bad.ts', 'process.stdout.write(name);', /confined to cli\/terminal\.ts/],
    ['standard error through console.error', 'ingest/bad.ts', 'console.error(error);', /confined to cli\/terminal\.ts/],
    [
      'standard error by its file descriptor',
      'lib/bad.ts',
      'writeSync(2, error.message);',
      /confined to cli\/terminal\.ts/,
    ],
    [
      'standard output by a destructured process',
      'cli/bad.ts',
      'const { stdout } = process;',
      /confined to cli\/terminal\.ts/,
    ],
    ['a second logger', 'http/bad.ts', "import { pino } from 'pino';", /confined to cli\/terminal\.ts/],
  ];

  it.each(planted)('is reported: %s', (_name, file, text, fault) => {
    const faults = faultsOf(new Map([...readSources(), [file, `${text}\n`]]));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  it('is reported if it is a circle of imports, with each file of the circle', () => {
    const files = new Map([
      ['lib/a.ts', "import { b } from './b.ts';"],
      ['lib/b.ts', "import type { C } from './c.ts';"],
      ['lib/c.ts', "export { a } from './a.ts';"],
    ]);
    expect(faultsOf(files)).toEqual(['circle of imports: lib/a.ts → lib/b.ts → lib/c.ts → lib/a.ts']);
  });

  it('is neither an import in a comment nor an import that the table allows', () => {
    const text = `/**\n * import { x } from '../db/open.ts';\n */\n// import '../db/open.ts';\nimport { hash } from 'node:crypto';\n`;
    expect(faultsOf(new Map([...readSources(), ['lib/good.ts', text]]))).toEqual([]);
    const typed = "import type { Config } from '../config/config.ts';";
    expect(faultsOf(new Map([...readSources(), ['upstream/good.ts', typed]]))).toEqual([]);
  });
});
