import { expect, it } from 'vitest';
import { docsPages, lineAt, proseOf } from './pages.ts';
import { WORDS_TO_AVOID, wordsToAvoidIn } from './plain-words.ts';

/** Words in a page's sentences that have a plainer form. Code is left out. */
function faultsOf(text: string): string[] {
  const prose = proseOf(text).replaceAll(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
  return wordsToAvoidIn(prose).map(
    ({ word, instead, index }) => `line ${lineAt(prose, index)}: "${word}"; write: ${instead}`,
  );
}

it.each(docsPages())('$path has no word that a reader has to read twice', ({ text }) => {
  expect(faultsOf(text)).toEqual([]);
});

it.each(Object.keys(WORDS_TO_AVOID))('the word or phrase "%s" is found anywhere in a sentence', (word) => {
  const capital = word.slice(0, 1).toUpperCase() + word.slice(1);
  expect(faultsOf(`# Title\n\n${capital} asks.\n`)).toEqual([expect.stringContaining(`line 3: "${word}"`)]);
});

it('a phrase is found even if a line ends within it', () => {
  expect(faultsOf('It reads otherwise\n  than it writes.')).toEqual([
    expect.stringContaining('line 1: "otherwise than"'),
  ]);
});

it('a longer word that contains a word of the list is not found, nor is code', () => {
  expect(faultsOf('The canewood celeste marshalls.\n\n```sh\nwhoever\n```\n\nSee `anew`.')).toEqual([]);
});
