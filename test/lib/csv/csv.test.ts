import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/lib/csv/csv.ts';
import { parseCsv } from '../parse-csv.ts';

const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '\r', '\n', '=', '-', "'", '\t', '＝', 'é') }),
  fc.string({ unit: 'binary' }),
);

/**
 * Returns the cells that a spreadsheet sees if it splits at another character, as Excel does in countries with decimal
 * commas. Quotes count only at the beginning of a cell or, for some readers, nowhere.
 */
function cellsBetween(delimiter: string, lines: string, hasQuotes: boolean): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= lines.length) {
    let cell = '';
    if (hasQuotes && lines[at] === '"') {
      for (at += 1; at < lines.length && (lines[at] !== '"' || lines[at + 1] === '"'); at += 1) {
        if (lines[at] === '"') at += 1;
        cell += lines[at];
      }
      at += 1;
    }
    for (; at < lines.length && ![delimiter, '\r', '\n'].includes(lines[at] ?? ''); at += 1) cell += lines[at];
    cells.push(cell);
    at += 1;
  }
  return cells;
}

describe('a line of CSV', () => {
  it('is unchanged when its raw form is read back', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (cells) => {
        expect(parseCsv(`${csvLine(cells, 'raw')}\r\n`)).toEqual([cells]);
      }),
    );
  });

  it('has no cell that a spreadsheet would run, and differs from the raw form by apostrophes alone', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (cells) => {
        const [read = []] = parseCsv(`${csvLine(cells, 'safe')}\r\n`);
        expect(read.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
        expect(read.map((cell) => cell.replaceAll("'", ''))).toEqual(cells.map((cell) => cell.replaceAll("'", '')));
      }),
    );
  });

  it('has no cell that a spreadsheet would run if it splits at a semicolon or a tab', () => {
    fc.assert(
      fc.property(fc.array(fc.array(nasty, { minLength: 1 }), { minLength: 1, maxLength: 3 }), (rows) => {
        const lines = rows.map((cells) => `${csvLine(cells, 'safe')}\r\n`).join('');
        for (const delimiter of [';', '\t'])
          for (const hasQuotes of [true, false])
            expect(
              cellsBetween(delimiter, lines, hasQuotes).filter((cell) => /^[\t\r\n]*[=+\-@＝＋－＠]/.test(cell)),
            ).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('has an apostrophe before each formula, and none in the middle of a cell', () => {
    expect(csvLine(['a;=1+1', 'a\t@b', 'total 4\n-rw-r--r-- 1 root', ';""=1', 'a-b; c=d, e@f'], 'safe')).toBe(
      `"a;'=1+1","a\t'@b","total 4\n'-rw-r--r-- 1 root",";""""'=1","a-b; c=d, e@f"`,
    );
    expect(csvLine(['a;=1+1', 'a\t@b', 'a-b; c=d'], 'raw')).toBe('a;=1+1,a\t@b,a-b; c=d');
  });

  it('has an empty cell for null, quotes for the empty text, and numbers and lists as they are', () => {
    expect(csvLine([null, '', -1, true, ['a', 1], '-1'], 'safe')).toBe(`,"",-1,true,"[""a"",1]","'-1"`);
  });
});
