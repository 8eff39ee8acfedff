import { describe, expect, it } from 'vitest';
import { compareAnswers } from '../../../src/cli/portable/compare-answers.ts';
import type { SqlAnswer } from '../../../src/questions/sql/sql-answer.ts';

const answer = (rows: unknown[][], names = ['a', 'b']): SqlAnswer => ({
  ...{ names, isTruncated: false, elapsedMs: 1 },
  rows: rows.map((row) => row.map((cell) => JSON.stringify(cell))),
});

describe('two answers', () => {
  const one = answer([
    ['x', 1],
    ['y', null],
  ]);

  it('are the same if every cell is the same', () => {
    expect(compareAnswers(one, answer([...[['x', 1]], ['y', null]]))).toBeUndefined();
    expect(compareAnswers(answer([]), answer([]))).toBeUndefined();
  });

  it.each([
    [answer([['x', 1]]), 'it has 2 rows in the archive, and 1 in the lake'],
    [answer([], ['a', 'c']), 'its columns are a, b in the archive, and a, c in the lake'],
    [
      answer([
        ['y', null],
        ['x', 1],
      ]),
      'it has the same rows in both, but not in the same order',
    ],
    [
      answer([
        ['x', 1],
        ['y', ''],
      ]),
      'row 2 has in b null in the archive, and "" in the lake',
    ],
    [
      answer([
        ['x', '1'],
        ['y', null],
      ]),
      'row 1 has in b 1 in the archive, and "1" in the lake',
    ],
  ])('differ in a sentence that says how', (other, why) => {
    expect(compareAnswers(one, other)).toBe(why);
  });

  it('differ if one has a whole number and the other the same as a fraction', () => {
    const [whole, fraction] = [answer([]), answer([])];
    whole.rows = [['2', '1']];
    fraction.rows = [['2.0', '1']];
    expect(compareAnswers(whole, fraction)).toBe('row 1 has in a 2 in the archive, and 2.0 in the lake');
  });
});
