import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PAGES = ['docs/decisions/0040-what-green-words-rest-on.md', 'docs/decisions/0042-what-answers-rest-on.md'];

/** The last cell of each row of the tables: `<file>: <words of a title>`, or a text that says why there is no test. */
const cells = PAGES.flatMap((page) => readFileSync(page, 'utf8').split('\n'))
  .filter((line) => line.startsWith('| ') && !/^\| (?:---|statement)/.test(line))
  .map((line) => line.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '');

it('the two pages that list statements that all is well have more than a hundred such statements', () => {
  expect(cells.length).toBeGreaterThan(100);
});

it.each(cells.filter((cell) => !cell.startsWith('no test')))(
  'a statement that all is well rests on a test that exists: %s',
  (cell) => {
    const [, file = '', words = ''] = /^(test\/\S+\.test\.tsx?): (.+)$/.exec(cell) ?? [];
    expect(existsSync(file), cell).toBe(true);
    // Comments are not titles.
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
    expect(
      lines.some((line) => line.includes(words) && /['"`]/.test(line)),
      `${file} has no title with "${words}"`,
    ).toBe(true);
  },
);
