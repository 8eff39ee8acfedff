import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A folder with more files than this can't be read at one glance. */
const MOST_FILES = 20;

/** The folders of test/ that mirror no room of src/. They test the product as users run it. */
const OF_THE_WHOLE = ['bench', 'browser', 'deploy', 'docs', 'end-to-end', 'engines', 'package', 'reading', 'service'];

/**
 * The folders within rooms of test/ that mirror no folder of src/. Each has the tests of one subject that has many
 * tests.
 */
const SUBJECTS = [
  'archive/search',
  'cli/hostile',
  'cli/key',
  'cli/looks',
  'cli/making',
  'cli/paths',
  'cli/proof',
  'cli/upstream',
  'http/api/client',
  'http/aws/clients',
  'http/aws/conformance',
  'http/aws/signatures',
  'ingest/flow',
  'ingest/flow/traces',
  'ingest/senders',
];

/** Rooms within another room. Two of them may have files with the same name. */
const SURFACES = ['http/api', 'http/aws', 'http/aws-archive', 'http/console'];

/** Returns the folders with more files than a folder may have. */
function crowdedOf(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > MOST_FILES).map(([folder, count]) => `${folder} has ${count} files`);
}

function roomOf(path: string): string {
  const [, first = '', second = ''] = path.split('/');
  return SURFACES.find((surface) => surface === `${first}/${second}`) ?? first;
}

/**
 * Returns the tests that are named for a file of their room and are not in its folder: `test/archive/lease.test.ts` for
 * the file `src/archive/file/lease.ts`.
 */
function misplacedOf(sources: readonly string[], tests: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  for (const file of sources) {
    const key = `${roomOf(file)} ${posix.basename(file).replace(/\.tsx?$/, '')}`;
    folders.set(key, [...(folders.get(key) ?? []), posix.dirname(file).replace(/^src/, 'test')]);
  }
  return tests.flatMap((file) => {
    const [, name] = /([^/.]+)(?:\.[a-z]+)*\.test\.ts$/.exec(file) ?? [];
    const places = folders.get(`${roomOf(file)} ${name}`) ?? [posix.dirname(file)];
    return places.includes(posix.dirname(file)) ? [] : [`${file} belongs in ${places.join(' or ')}`];
  });
}

/** Returns the folders of test/ that are neither in src/ nor in a list above. */
function strangersOf(sources: readonly string[], tests: readonly string[]): string[] {
  const parentsOf = (file: string) => file.split('/').map((_, at, names) => names.slice(0, at).join('/'));
  const known = new Set(sources.flatMap(parentsOf).map((folder) => folder.replace(/^src/, 'test')));
  const lists = [...OF_THE_WHOLE, ...SUBJECTS].map((name) => `test/${name}/`);
  const folders = [...new Set(tests.map((file) => posix.dirname(file)))].filter((folder) => folder !== 'test');
  return folders.filter((folder) => !known.has(folder) && !lists.some((name) => `${folder}/`.startsWith(name)));
}

/**
 * Returns the circles of imports between the neighbours in a folder: its folders and its files. Keys are files, values
 * the files that they import. A circle is reported as the folder and the names in the circle.
 */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const [file, targets] of imports) {
    for (const target of targets) {
      const [from, to] = [file.split('/'), target.split('/')];
      const at = from.findIndex((name, depth) => name !== to[depth]);
      const [name, next] = [from[at], to[at]];
      if (name === undefined || next === undefined) continue;
      const folder = from.slice(0, at).join('/');
      const graph = graphs.get(folder) ?? new Map<string, Set<string>>();
      graphs.set(folder, graph.set(name, (graph.get(name) ?? new Set()).add(next)));
    }
  }
  return [...graphs].flatMap(([folder, graph]) => {
    const reaches = (name: string, seen = new Set<string>()): Set<string> => {
      for (const next of graph.get(name) ?? []) if (!seen.has(next)) reaches(next, seen.add(next));
      return seen;
    };
    const inCircles = [...graph.keys()].filter((name) => reaches(name).has(name));
    return inCircles.length === 0 ? [] : [`${folder}: ${inCircles.sort().join(', ')}`];
  });
}

/** Returns the files of a folder, by their paths from the project's folder. */
function filesOf(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(tsx?|css)$/.test(name)).map((name) => posix.join(root, ...name.split(/[\\/]/)));
}

function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/^(?:import|export|\}).*?\bfrom '(\.[^']+)';$/gm);
  return [...specifiers].map(([, specifier = '']) => posix.join(posix.dirname(file), specifier));
}

describe('the folders of src/, test/ and bench/', () => {
  const [sources, tests, benchmarks] = [filesOf('src'), filesOf('test'), filesOf('bench')];

  it(`have at most ${MOST_FILES} files each`, () => {
    expect(sources.length).toBeGreaterThan(500);
    expect(benchmarks.length).toBeGreaterThan(50);
    expect(crowdedOf([...sources, ...tests, ...benchmarks])).toEqual([]);
    const many = Array.from({ length: MOST_FILES + 1 }, (_, n) => `src/lib/${n}.ts`);
    expect(crowdedOf([...many, 'src/lib/text/a.ts'])).toEqual([`src/lib has ${MOST_FILES + 1} files`]);
  });

  it('have each test that is named for a file of src/ in the same place as that file', () => {
    expect(misplacedOf(sources, tests)).toEqual([]);
    const files = ['src/archive/file/lease.ts', 'src/http/api/sql/sql.ts', 'src/http/console/sql/sql.tsx'];
    expect(
      misplacedOf(files, ['test/archive/lease.test.ts', 'test/http/api/sql/sql.test.ts', 'test/cli/lease.test.ts']),
    ).toEqual(['test/archive/lease.test.ts belongs in test/archive/file']);
    expect(misplacedOf(files, ['test/archive/lease.property.test.ts'])).toHaveLength(1);
  });

  it('are the same in src/ and test/, except folders of test/ for the whole product or for a subject of a room', () => {
    expect(strangersOf(sources, tests)).toEqual([]);
    const added = [...tests, 'test/lib/misc/a.test.ts', 'test/bin/a.test.ts', 'test/browser/new/a.test.ts'];
    expect(strangersOf(sources, added)).toEqual(['test/lib/misc', 'test/bin']);
  });

  it('import from each other in one direction, so each can be read before the folders that use it', () => {
    const imports = new Map(sources.map((file) => [file, importsOf(file)]));
    expect(imports.get('src/service/service.ts')).toContain('src/lib/time.ts');
    expect(circlesOf(imports)).toEqual([]);
    const ofBench = new Map(benchmarks.map((file) => [file, importsOf(file)]));
    expect(ofBench.get('bench/main.ts')).toContain('bench/benchmarks.ts');
    expect(circlesOf(ofBench)).toEqual([]);
    const planted = new Map([
      ['src/archive/verify/check.ts', ['src/archive/evidence/zip/read.ts', 'src/lib/time.ts']],
      ['src/archive/evidence/make.ts', ['src/archive/verify/fault.ts']],
    ]);
    expect(circlesOf(planted)).toEqual(['src/archive: evidence, verify']);
  });
});
