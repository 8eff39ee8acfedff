import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wordsToAvoidIn } from './docs/plain-words.ts';
import { isNode, walkNodes } from './walk-nodes.ts';

/** A title that begins with one of these words continues another title, and means nothing by itself in a log. */
const GOES_ON = /^(of|that|whose|who|which|but|nor|and|or)\b/i;
const IS_NO = /\bis no \w+ of\b/i;
const NAMES_TESTS = ['it', 'test', 'describe'];

/**
 * Returns the titles of all tests and groups in a file's text, including titles of `it.each` and similar calls. A title
 * that begins with `%s` is returned once for each of the rows that the call itself lists, with the text of that row.
 */
function titlesOf(source: string): string[] {
  const titles: string[] = [];
  walkNodes(source, 'a.ts', (node) => {
    const [title] = Array.isArray(node.arguments) ? node.arguments : [];
    if (node.type !== 'CallExpression' || !NAMES_TESTS.includes(calledName(node.callee)) || !isNode(title)) return;
    if (typeof title.value === 'string') titles.push(...withRows(title.value, node.callee));
    if (title.type === 'TemplateLiteral') titles.push(source.slice(Number(title.start) + 1, Number(title.end) - 1));
  });
  return titles;
}

/** Returns `it` for `it.skipIf(x).each(y)`. */
function calledName(callee: unknown): string {
  if (!isNode(callee)) return '';
  return String(callee.name ?? calledName(callee.object ?? callee.callee ?? callee.tag));
}

function withRows(title: string, callee: unknown): string[] {
  const rows = title.startsWith('%s') ? elementsOf(isNode(callee) && itemsOf(callee.arguments)[0]) : [];
  const firsts = rows.map((row) => (isNode(row) && typeof row.value === 'string' ? row : elementsOf(row)[0]));
  const texts = firsts.flatMap((first) => (isNode(first) && typeof first.value === 'string' ? [first.value] : []));
  return texts.length === 0 ? [title] : texts.map((text) => `${text}${title.slice(2)}`);
}

function elementsOf(node: unknown): unknown[] {
  return isNode(node) ? itemsOf(node.elements) : [];
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFault(title: string): boolean {
  return GOES_ON.test(title) || IS_NO.test(title) || wordsToAvoidIn(title).length > 0;
}

it('every title of a test can be understood by itself, and has no words at which a reader stops', () => {
  // Files that are not tests may have the titles of tests too: those of a journey, for example.
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const titles = files.flatMap((file) =>
    titlesOf(readFileSync(join('test', file), 'utf8')).map((title) => ({ file, title })),
  );
  expect(titles.length).toBeGreaterThan(2000);
  expect(titles.filter(({ file }) => !file.endsWith('.test.ts')).length).toBeGreaterThan(30);
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
  ["it('is no token of this server', () => {});", 'is no token of this server'],
  ["it.each([['that is planted', 1], ['plain', 2]])('%s is found', () => {});", 'that is planted is found'],
  ["it.each(['whoever asks', 'plain'])('%s', () => {});", 'whoever asks'],
])('the title in this code is found to be faulty: %s', (source, title) => {
  expect(titlesOf(source).filter(isFault)).toEqual([title]);
});
