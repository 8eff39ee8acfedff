import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../src/lib/csv.ts';
import { parseCsv } from './parse-csv.ts';

const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', '=', '-', "'", '\t', '＝', 'é') }),
  fc.string({ unit: 'binary' }),
);

describe('a line of CSV', () => {
  it('is read back as it was, in its raw form', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (cells) => {
        expect(parseCsv(`${csvLine(cells, true)}\r\n`)).toEqual([cells]);
      }),
    );
  });

  it('has no cell that a spreadsheet would run, and differs from the raw form by apostrophes alone', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (cells) => {
        const [read = []] = parseCsv(`${csvLine(cells, false)}\r\n`);
        expect(read.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
        expect(read.map((cell, n) => (cell === cells[n] ? cell : cell.replace(/^'/, '')))).toEqual(cells);
      }),
    );
  });

  it('leaves null empty, quotes the empty text, and writes numbers, negative ones too, and lists as they are', () => {
    expect(csvLine([null, '', -1, true, ['a', 1], '-1'], false)).toBe(`,"",-1,true,"[""a"",1]","'-1"`);
  });
});
