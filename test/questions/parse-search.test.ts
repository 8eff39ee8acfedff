import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearch, SearchInvalid } from '../../src/questions/parse-search.ts';

const sqlite = new SQLite(':memory:');
sqlite.exec("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')");
const insert = sqlite.prepare('INSERT INTO texts (text) VALUES (?)');
const find = sqlite.prepare<[string], string>('SELECT text FROM texts WHERE texts MATCH ? ORDER BY rowid').pluck();

function found(texts: readonly string[], search: string): string[] {
  sqlite.exec('DELETE FROM texts');
  for (const text of texts) insert.run(text);
  return find.all(parseSearch(search));
}

function faultOf(search: string): SearchInvalid {
  try {
    parseSearch(search);
  } catch (error) {
    if (error instanceof SearchInvalid) return error;
    throw error;
  }
  throw new Error(`"${search}" was understood.`);
}

describe('a search', () => {
  it.each([
    ['disk full', ['the disk is full']],
    ['"is full"', ['the disk is full']],
    ['ful*', ['the disk is full', 'fulfilled']],
    ['disk OR fulfilled', ['the disk is full', 'fulfilled']],
    ['full NOT disk', []],
    ['(disk OR fulfilled) NOT full', ['fulfilled']],
    ['disk and', []],
    ['10.0.0.1', ['at 10.0.0.1:80']],
    ['10.0.0*', ['at 10.0.0.1:80']],
    ['main()', ['in main()']],
    ['(main() OR disk)', ['the disk is full', 'in main()']],
    ['ÜBER', ['uber alles']],
    ['fulfilled OR disk NOT is', ['fulfilled']],
  ])('for %s finds %j', (search, expected) => {
    const texts = ['the disk is full', 'fulfilled', 'at 10.0.0.1:80', 'in main()', 'uber alles'];
    expect(found(texts, search)).toEqual(expected);
  });

  it.each([
    ['', 0, 'Write a word.'],
    ['   ', 3, 'at the end'],
    ['a AND', 5, 'at the end'],
    ['OR a', 0, 'OR needs a word'],
    ['NOT a', 0, 'NOT needs a word'],
    ['a OR OR b', 5, 'OR needs a word'],
    ['a "b', 2, 'not closed'],
    ['(a', 0, 'not closed'],
    ['()', 1, 'closing parenthesis'],
    ['a --- b', 2, 'letter or a digit'],
    ['a \0', 2, 'NUL'],
    ['a'.repeat(2001), 2000, 'more than 2000'],
    [`${'('.repeat(51)}a${')'.repeat(51)}`, 50, 'deep'],
  ])('is refused for %j, with the fault at place %i', (search, position, message) => {
    const fault = faultOf(search);
    expect(fault.position).toBe(position);
    expect(fault.message).toContain(message);
  });

  it('is, for any typed text, either refused with a place in the text or a valid query of SQLite’s FTS5', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(
          fc.constantFrom(
            'a',
            'b*',
            '"c d"',
            'AND',
            'OR',
            'NOT',
            '(',
            ')',
            '"',
            '*',
            '^',
            ':',
            '-',
            '+',
            '{',
            'NEAR(',
            ',',
          ),
        )
        .map((parts) => parts.join(' ')),
      fc.string({ unit: fc.constantFrom('a', '(', ')', '"', '*', ' ', '\0', '{', ':'), maxLength: 60 }),
    );
    fc.assert(
      fc.property(typed, (search) => {
        try {
          find.all(parseSearch(search));
        } catch (error) {
          if (!(error instanceof SearchInvalid)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(search.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('finds the same texts as a simple model of its words and operators', () => {
    type Node = { search: string; holds(words: readonly string[]): boolean };
    const word = fc.constantFrom('a', 'b', 'c');
    const leaf: fc.Arbitrary<Node> = fc.oneof(
      word.map((w) => ({ search: w, holds: (words: readonly string[]) => words.includes(w) })),
      fc.tuple(word, word).map(([v, w]) => ({
        search: `"${v} ${w}"`,
        holds: (words: readonly string[]) => words.some((x, n) => x === v && words[n + 1] === w),
      })),
    );
    const { node } = fc.letrec<{ node: Node }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(tie('node'), fc.constantFrom('AND', 'OR', 'NOT', ''), tie('node')).map(([l, operator, r]) => ({
          search: `(${l.search}) ${operator} (${r.search})`,
          holds: (words: readonly string[]) => {
            if (operator === 'OR') return l.holds(words) || r.holds(words);
            return l.holds(words) && r.holds(words) === (operator !== 'NOT');
          },
        })),
      ),
    }));
    const texts = ['a', 'b', 'c', 'a b', 'b a', 'a c b', 'c a b', 'b b', ''];
    fc.assert(
      fc.property(node, ({ search, holds }) => {
        expect(found(texts, search)).toEqual(texts.filter((text) => holds(text.split(' '))));
      }),
    );
  });
});
