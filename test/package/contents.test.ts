import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** All files that the package may have: programs, files that the programs or users read, and its description. */
const ALLOWED = [
  /^(package\.json|README\.md|LICENSE|archive\.example\.yaml)$/,
  /^dist\/THIRD-PARTY-NOTICES$/,
  /^dist\/[\w-]+\.js$/,
  /^dist\/console\/([\w-]+\.(js|css)|manifest\.json)$/,
  /^dist\/swagger-ui\/swagger-ui(-bundle\.js|\.css)$/,
  /^migrations\/(\d{4}_\w+\.sql|meta\/_journal\.json)$/,
  /^docs\/(decisions\/)?[\w-]+\.md$/,
  /^docs\/images\/[\w-]+\.webp$/,
  /^deploy\/(?!.*(^|\/|\.)test)/,
];
const packed = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

/**
 * The files that `npm pack` would take from this folder in its present state, including what the tests built into
 * dist/.
 */
function packedFiles(): string[] {
  const out = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { encoding: 'utf8' });
  return packed.parse(JSON.parse(out))[0].files.map(({ path }) => path);
}

const files = packedFiles();

it('the package has no file that is not for its users', () => {
  expect(existsSync('dist/test')).toBe(true);
  expect(files.filter((file) => !ALLOWED.some((form) => form.test(file)))).toEqual([]);
});

it('the package has its programs, its notices, each migration, each page and each picture that a page shows', () => {
  const programs = [
    'cli',
    'collector',
    'reader',
    'sql-reader',
    'lake-sql-reader',
    'lake-copier',
    'verifier',
    'lake-verifier',
    'evidence-maker',
  ];
  const expected = [
    ...['README.md', 'LICENSE', 'archive.example.yaml', 'dist/THIRD-PARTY-NOTICES'],
    ...programs.map((name) => `dist/${name}.js`),
    ...globSync(['migrations/*.sql', 'docs/**/*.md']),
    ...globSync(['README.md', 'docs/*.md']).flatMap(picturesOf),
  ];
  expect(expected.filter((file) => file.endsWith('.webp')).length).toBeGreaterThan(2);
  expect(files).toEqual(expect.arrayContaining(expected));
});

it('the command can be started in a clone after each build, as "npx ssm-archive" does it', () => {
  accessSync('dist/cli.js', constants.X_OK);
});

it('the package says where it comes from and where to report faults, and has one dependency', () => {
  const text = z.string().min(1);
  const form = z.object({
    ...{ description: text, license: z.literal('Apache-2.0'), homepage: z.url(), keywords: z.array(text).min(3) },
    bugs: z.object({ url: z.url() }),
    repository: z.object({ type: z.literal('git'), url: z.string().regex(/^git\+https:\/\/.+\.git$/) }),
    dependencies: z.strictObject({ 'better-sqlite3': text }),
  });
  expect(form.safeParse(JSON.parse(readFileSync('package.json', 'utf8'))).error).toBeUndefined();
});

/** The files of pictures that a page shows, as paths from the project's folder. */
function picturesOf(page: string): string[] {
  const folder = page.startsWith('docs/') ? 'docs/' : '';
  const links = readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)]+\.webp)\)/g);
  return [...links].map(([, target]) => folder + target);
}
