import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../src/cli/sql/json-lines.ts';
import { markdownLines } from '../../../src/cli/sql/markdown-lines.ts';
import { tableLines } from '../../../src/cli/sql/table-lines.ts';
import { plain, rendered } from '../../../src/cli/text/line.ts';
import { textWidth } from '../../../src/cli/text/text-width.ts';
import { parseSqlAnswer } from '../../../src/questions/sql/parse-sql-answer.ts';
import type { SqlAnswer } from '../../../src/questions/sql/sql-answer.ts';

/** An answer whose cells are JSON values, as written. */
function answerOf(names: string[], ...rows: string[][]): SqlAnswer {
  return { names, rows, isTruncated: false, elapsedMs: 1 };
}

const table = (answer: SqlAnswer, outWidth = Number.POSITIVE_INFINITY) => [...tableLines(answer, outWidth)].map(plain);
const HOSTILE = answerOf(['\x1b]0;owned\x07'], ['"\\u001b[2J\\u202e\\u0000\\u009b1m\\n|<img src=x>`*[a](b)"']);

describe('an answer', () => {
  it('keeps the digits of its numbers as they were written', () => {
    const json =
      '{"columns":[{"name":"a","type":"INTEGER"},{"name":"a","type":null}],"rows":[[9007199254740993,null],[1.0,"x"]],"rowCount":2,"truncated":true,"elapsedMs":1.5}';
    const answer = {
      names: ['a', 'a'],
      rows: [
        ['9007199254740993', 'null'],
        ['1.0', '"x"'],
      ],
      isTruncated: true,
    };
    expect(parseSqlAnswer(json)).toEqual({ ...answer, elapsedMs: 1.5 });
    for (const other of ['', '[]', '{"rows":[]}']) expect(() => parseSqlAnswer(other)).toThrow();
  });
});

describe('a table', () => {
  it('aligns numbers to the right, distinguishes NULL from empty text, and gives wide characters their width', () => {
    expect(table(answerOf(['n', 'text', 'e'], ['1', '"日本 👩‍👩‍👧"', '""'], ['20.5', '"abc"', 'null']))).toEqual([
      '   n  text     e',
      '────  ───────  ────',
      '   1  日本 👩‍👩‍👧',
      '20.5  abc      NULL',
    ]);
    const [, , none = ''] = tableLines(answerOf(['n'], ['null']), 80);
    expect(rendered(none, true)).toBe('\x1b[2mNULL\x1b[22m');
    expect(table(answerOf(['n']))).toEqual(['n', '─']);
  });

  it('shows nothing in a cell or a name that would control the terminal', () => {
    for (const width of [20, 80, Number.POSITIVE_INFINITY]) {
      for (const line of table(HOSTILE, width)) expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }
    expect(table(HOSTILE)[2]).toBe('\\x1b[2J\\u202e\\x00\\x9b1m\\n|<img src=x>`*[a](b)');
  });

  it('shows a block for each row if its columns do not fit, and cuts no cell', () => {
    const answer = answerOf(['id', 'status', 'output'], ['9007199254740993', '"Success"', `"${'x'.repeat(60)} end"`]);
    expect(table(answer, 40)).toEqual([
      `── 1 ${'─'.repeat(35)}`,
      'id      9007199254740993',
      'status  Success',
      `output  ${'x'.repeat(30)}`,
      `        │ ${'x'.repeat(30)}`,
      '        │ end',
    ]);
    expect(table(answerOf(['first', 'b'], ['"a long text that goes on"', 'null']), 17)).toEqual([
      '── 1 ────────────',
      'first  a long',
      '       │ text',
      '       │ that',
      '       │ goes on',
      'b      NULL',
    ]);
  });

  it('shows the whole of a cell, even a long one on a narrow terminal', () => {
    const long = `begin ${'y'.repeat(5000)} end`;
    for (const width of [40, 60, 80]) {
      const lines = table(answerOf(['status', 'output'], ['"Failed"', JSON.stringify(long)]), width);
      const shown = lines.map((line) => line.slice('output  '.length).replace('│', '')).join('');
      expect(shown.replaceAll(' ', '')).toContain(long.replaceAll(' ', ''));
    }
  });

  it('fits any width, whatever its cells contain', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => JSON.stringify(text));
    const answers = fc.integer({ min: 1, max: 8 }).chain((columns) => {
      const row = fc.array(fc.oneof(cell, fc.constant('null'), fc.integer().map(String)), {
        ...{ minLength: columns, maxLength: columns },
      });
      const names = fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: columns, maxLength: columns });
      return fc.record({ names, rows: fc.array(row, { maxLength: 5 }) });
    });
    fc.assert(
      fc.property(answers, fc.integer({ min: 30, max: 120 }), ({ names, rows }, width) => {
        for (const line of table(answerOf(names, ...rows), width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('Markdown', () => {
  it('shows cells as text: no markup, HTML or line end in a cell has an effect', () => {
    expect([...markdownLines(answerOf(['document_name', 'n'], ['"_a_|b\\n<c> x_y"', '1'], ['null', 'null']))]).toEqual([
      '| document_name | n |',
      '| --- | ---: |',
      '| \\_a\\_\\|b<br>\\<c\\> x_y | 1 |',
      '| NULL | NULL |',
    ]);
    expect([...markdownLines(HOSTILE)].at(-1)).toBe(
      '| \\\\x1b\\[2J\\\\u202e\\\\x00\\\\x9b1m<br>\\|\\<img src=x\\>\\`\\*\\[a\\](b) |',
    );
  });
});

describe('JSON', () => {
  it('is an array of objects with unique names and exact numbers', () => {
    const lines = [...jsonLines(answerOf(['a', 'a'], ['9007199254740993', '"\u202e"'], ['1.0', 'null']))];
    expect(lines).toEqual(['[{"a":9007199254740993,"a_2":"\\u202e"},', ' {"a":1.0,"a_2":null}]']);
    expect([...jsonLines(answerOf(['a']))]).toEqual(['[]']);
  });
});
