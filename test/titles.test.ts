import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAst } from 'vitest/node';

/** A title that begins with one of these words continues another title, and means nothing by itself in a log. */
const GOES_ON = /^(of|that|whose|who|which|but|nor|and|or)\b/i;
/** Words that a reader stops at. */
const HARD_WORDS = /\b(anew|whoever|otherwise than|in place of which)\b|\bis no \w+ of\b/i;
const NAMES_TESTS = ['it', 'test', 'describe'];

interface Node {
  [member: string]: unknown;
}

/** Returns the titles of all tests and groups in a file's text, including titles of `it.each` and similar calls. */
function titlesOf(source: string): string[] {
  const titles: string[] = [];
  const walk = (node: unknown) => {
    if (!isNode(node)) return;
    const [title] = Array.isArray(node.arguments) ? node.arguments : [];
    if (node.type === 'CallExpression' && NAMES_TESTS.includes(calledName(node.callee)) && isNode(title)) {
      if (typeof title.value === 'string') titles.push(title.value);
      if (title.type === 'TemplateLiteral') titles.push(source.slice(Number(title.start) + 1, Number(title.end) - 1));
    }
    for (const child of Object.values(node)) walk(child);
  };
  walk(parseAst(source, { lang: 'ts' }));
  return titles;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Returns `it` for `it.skipIf(x).each(y)`. */
function calledName(callee: unknown): string {
  if (!isNode(callee)) return '';
  return String(callee.name ?? calledName(callee.object ?? callee.callee ?? callee.tag));
}

function isFault(title: string): boolean {
  return GOES_ON.test(title) || HARD_WORDS.test(title);
}

it('every title of a test can be understood by itself, and has no words at which a reader stops', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  const titles = files.flatMap((file) =>
    titlesOf(readFileSync(join('test', file), 'utf8')).map((title) => ({ file, title })),
  );
  expect(titles.length).toBeGreaterThan(2000);
  expect(titles.filter(({ title }) => isFault(title))).toEqual([]);
});

it.each([
  ["it('that is planted', () => {});", 'that is planted'],
  ["describe('of a group', () => {});", 'of a group'],
  ["it.each([1])('whose number is %i', () => {});", 'whose number is %i'],
  ["it.skipIf(true)('and no more', () => {});", 'and no more'],
  ['test(`that is plain`, () => {});', 'that is plain'],
  ["describe('a', () => it.each`x`('but not $x', () => {}));", 'but not $x'],
  ["it('is written anew', () => {});", 'is written anew'],
])('the title in this code is found to be faulty: %s', (source, title) => {
  expect(titlesOf(source).filter(isFault)).toEqual([title]);
});
