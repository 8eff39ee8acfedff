import { expect, it } from 'vitest';
import { docsPages, eachLineOfProse } from './pages.ts';

const MOST_CHARACTERS = 120;

/** Rows of tables and lines of code can't be broken, nor can a single address that is longer than a line. */
function longLinesOf(text: string): string[] {
  const long: string[] = [];
  eachLineOfProse(text, (line, number) => {
    const isRow = /^\s*\|/.test(line);
    const isOneWord = !/\s/.test(line.trim().replace(/^(?:[-*]|\d+\.) /, ''));
    if (!isRow && !isOneWord && [...line].length > MOST_CHARACTERS) long.push(`line ${number}: ${line.slice(0, 60)}…`);
  });
  return long;
}

it.each(docsPages())('no line of $path is longer than 120 characters', ({ text }) => {
  expect(longLinesOf(text)).toEqual([]);
});

it('a sentence of 121 characters on one line is found, and a sentence of 120 characters is not', () => {
  const sentence = (length: number) => `A sentence ${'x'.repeat(length - 12)}.`;
  expect(longLinesOf(`# Title\n\n${sentence(120)}\n${sentence(121)}\n`)).toEqual([expect.stringMatching(/^line 4: /)]);
});

it('rows of tables, blocks of code and single addresses may be longer than a line', () => {
  const long = 'x'.repeat(150);
  const text = [`| a | ${long} |`, '```sh', `echo ${long}`, '```', `- https://example.com/${long}`].join('\n');
  expect(longLinesOf(text)).toEqual([]);
});

it('a long sentence after a block of code is found, even if the block shows a fence within it', () => {
  const text = ['````md', '```', 'code', '````', `A sentence that goes on ${'and on '.repeat(20)}.`].join('\n');
  expect(longLinesOf(text)).toEqual([expect.stringMatching(/^line 5: /)]);
});
