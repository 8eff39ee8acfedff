import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDiff, copyProject, howTosOf, rebaseDiff, runIn } from './how-tos.ts';

const PAGE = 'docs/contributing.md';
/** The time for the compiler and the tests of five features, on two cores that other processes use as well. */
const LONG_MS = 600_000;

const temp = mkdtempSync(join(tmpdir(), 'ssm-archive-how-to-'));
const copy = join(temp, 'project');
beforeAll(async () => {
  mkdirSync(copy);
  await copyProject(copy);
  if (process.env.UPDATE === '1') await rebasePage();
}, LONG_MS);
afterAll(() => rmSync(temp, { recursive: true }));

/** Rewrites the page with diffs that fit the project as it is now. */
async function rebasePage(): Promise<void> {
  let page = readFileSync(PAGE, 'utf8');
  for (const { diff } of howTosOf(page))
    page = page.replace(diff, (await rebaseDiff(copy, diff)).replaceAll('$', '$$$$'));
  writeFileSync(PAGE, page);
}

const howTos = () => howTosOf(readFileSync(PAGE, 'utf8'));
const allDiffs = () => howTos().map(({ diff }) => diff);
/** The files of tests that the page says to run after its diffs. */
const testsOf = (commands: readonly string[]) =>
  commands.flatMap((command) => (command.startsWith('npx vitest run ') ? command.split(' ').slice(3) : []));

describe('the how-tos of docs/contributing.md', () => {
  it('add five things, and each says which of its tests to run', () => {
    expect(howTos().map(({ title }) => title)).toEqual([
      'A filter',
      'An operation of the AWS endpoint',
      'A report',
      "A member of AWS's reply",
      'A page of the console',
    ]);
    for (const { commands } of howTos()) expect(testsOf(commands).length).toBeGreaterThan(0);
  });

  it('say how many files their diffs change', () => {
    const [, ...sections] = readFileSync(PAGE, 'utf8').split(/^### /m);
    for (const { title, diff } of howTos()) {
      const count = diff.match(/^diff --git /gm)?.length ?? 0;
      const words = sections.find((section) => section.startsWith(`${title}\n`))?.replaceAll('\n', ' ');
      expect(words).toContain(`The diff changes ${['four', 'five', 'six', 'seven', 'eight', 'nine'][count - 4]} files`);
    }
  });

  it('have diffs, each of which applies to the project without the others (UPDATE=1 rewrites them)', async () => {
    for (const diff of allDiffs()) await applyDiff(copy, diff, '--check');
  });

  it('are refused if a diff has a context line that is not in the project', async () => {
    const [diff = ''] = allDiffs();
    const wrong = diff.replace(/^ (\s*pluginName: equals)/m, ' $1s');
    expect(wrong).not.toBe(diff);
    await expect(applyDiff(copy, wrong, '--check')).rejects.toThrow('patch does not apply');
  });

  it(
    'make a project that compiles, whose migration is what drizzle-kit writes, and whose tests pass',
    async () => {
      for (const diff of allDiffs()) await applyDiff(copy, diff, '--exclude=migrations/*');
      const [, name = ''] = /migrations\/\d+_(\w+)\.sql$/m.exec(allDiffs().join('')) ?? [];
      const journal = readFileSync(join(copy, 'migrations/meta/_journal.json'));
      await runIn(copy, 'drizzle-kit', ['generate', '--name', name]);
      const [, tag = ''] = new RegExp(`"tag": "(\\d+_${name})"`).exec(readIn('migrations/meta/_journal.json')) ?? [];
      const written = readIn(`migrations/${tag}.sql`);
      rmSync(join(copy, `migrations/${tag}.sql`));
      writeFileSync(join(copy, 'migrations/meta/_journal.json'), journal);
      for (const diff of allDiffs()) await applyDiff(copy, diff, '--include=migrations/*');
      expect(readIn(`migrations/${tag}.sql`).startsWith(written)).toBe(true);

      await runIn(copy, 'tsc', ['--noEmit']);
      await runIn(copy, 'node', ['build.mjs']);
      const tests = howTos().flatMap(({ commands }) => testsOf(commands));
      await runIn(copy, 'vitest', ['run', '--reporter=dot', ...new Set(tests)]);
    },
    LONG_MS,
  );
});

function readIn(path: string): string {
  return readFileSync(join(copy, path), 'utf8');
}
