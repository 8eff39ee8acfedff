import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { lineAt } from './pages.ts';
import { wordsToAvoidIn } from './plain-words.ts';
import { wordsOfCode } from './words-of-code.ts';

/** These files have the words as data. */
const ABOUT_WORDS = [
  'test/docs/plain-words.ts',
  'test/docs/plain-words.test.ts',
  'test/docs/plain-code.test.ts',
].concat('test/titles.test.ts');

/** The files of code in a folder and the folders below it, by their paths from the project's folder. */
function codeIn(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => posix.join(root, ...name.split(/[\\/]/)));
}

/** Words in a file's comments and strings that have a plainer form. */
function faultsOf(source: string, file: string): string[] {
  const words = wordsOfCode(source, file);
  return wordsToAvoidIn(words).map(
    ({ word, instead, index }) => `${file}, line ${lineAt(words, index)}: "${word}"; write: ${instead}`,
  );
}

it.each(['src', 'test', 'bench'])(
  'no comment and no string in %s has one of the words that have to be read twice',
  (root) => {
    const files = codeIn(root).filter((file) => !ABOUT_WORDS.includes(file));
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((file) => faultsOf(readFileSync(file, 'utf8'), file))).toEqual([]);
  },
);

it.each([
  ['a comment on one line', 'const a = 1;\n// It begins anew.\n'],
  ['a comment at the end of a line', '\nconst a = 1; // It begins anew.\n'],
  ['the first line of a docstring', '\n/** It begins anew. */\nconst a = 1;\n'],
  ['a later line of a docstring', '/**\n * It begins anew, `lest`.\n */\nconst a = 1;\n'],
  ['a string', "\nconst a = 'It begins anew.';\n"],
  ['a template', `\nconst a = \`It has \${count} rows\nand begins anew.\`;\n`],
  ['the text of an element', '\nconst a = <p>It begins anew.</p>;\n'],
  ['an attribute of an element', '\nconst a = <p title="It begins anew." />;\n'],
])('a word to avoid is found in %s', (_, source) => {
  expect(faultsOf(source, 'a.tsx')).toEqual([expect.stringMatching(/^a\.tsx, line [23]: "anew"; write: again$/)]);
});

it('a phrase that goes on to the next line of a comment is found', () => {
  expect(faultsOf('/**\n * It reads otherwise\n * than it writes.\n */\n', 'a.ts')).toHaveLength(1);
  expect(faultsOf('// It reads otherwise\n// than it writes.\n', 'a.ts')).toHaveLength(1);
});

it('a name, a regular expression, and code inside a comment are not searched for these words', () => {
  const source = 'const anew = /whoever "anew"/; // See `anew`.\nconst lest = "https://anew_/";\n';
  expect(faultsOf(source, 'a.ts')).toEqual([]);
});
