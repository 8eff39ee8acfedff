import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_START, csvLine } from '../../../src/lib/csv/csv.ts';
import { looksLikeAValue } from '../../../src/lib/csv/looks-like-a-value.ts';
import { MOST_IN_CELL } from '../../../src/lib/csv/spreadsheet-text.ts';
import { parseCsv } from '../parse-csv.ts';

/** Returns the cells of a line as a reader of RFC 4180 sees them, before a spreadsheet makes values of them. */
function cellsOf(...values: Parameters<typeof csvLine>[0]): string[] {
  return parseCsv(`${csvLine(values, 'spreadsheet')}\r\n`)[0] ?? [];
}

/**
 * Returns what a spreadsheet shows for a cell: if the cell is a formula with only a text, that text; otherwise the
 * cell.
 */
function shown(cell: string): string {
  return /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;
}

const VALUES = [
  ...[
    '012345678901',
    '111122223333',
    '00123',
    '1e5',
    '1E5',
    '12345e67',
    '12345678901234567890',
    '-5',
    '+5',
    '5-',
    '.5',
  ],
  ...['1,234', '1.234,56', "1'234", '1 234', '5%', '$5', '€ 5', '5 €', '(5)', '1/2', '1 1/2', ' 007', '007 ', '٠٠٧'],
  ...['2026-03', '2026-03-01', '1/3/2026', '01.03.2026', '3-4', '1-2-3', '10:30', '1:2:3.5', '2026-03-01 09:30:00'],
  ...['Mar 1', '1-Mar', 'MARCH1', 'SEPT2', '1. März', '1 mai 2026', 'dic-25', 'oct-01', '12 AM', '3 p', '10:30 PM'],
  ...['TRUE', 'false', 'Wahr', '#N/A', '#DIV/0!', '#NAME?', '11111111-2222-4333-8444-555555555555'],
];
const TEXTS = [
  ...['i-0aa11bb22cc33dd44', 'mi-0123456789abcdef0', 'c0000000-0000-0000-0000-00000000000c', 'eu-west-1', 'Success'],
  ...['AWS-RunShellScript', '2026-03-01T09:30:00.000Z', '', 'web-1', 'marketing-01', 'true story', 'a', 'may', 'e'],
  ...['line 1\nline 2', '12\n34', '#12', 'v1', '$DEFAULT', 'Überprüfung täglich', '{"a":1}', '["1"]', '1st'],
];

describe('a text that a spreadsheet would take for a number, a date or a truth value', () => {
  it.each(VALUES)('is written as the text in a formula, so that it stays the same text: %j', (text) => {
    expect(looksLikeAValue(text)).toBe(true);
    expect(cellsOf(text)).toEqual([`="${text}"`]);
  });

  it.each(TEXTS)('is not %j, which is written as it is', (text) => {
    expect(looksLikeAValue(text)).toBe(false);
    expect(cellsOf(text)).toEqual([text]);
  });

  it('gets an apostrophe if it is too long for a formula', () => {
    expect(cellsOf('1'.repeat(255))).toEqual([`="${'1'.repeat(255)}"`]);
    expect(cellsOf('1'.repeat(256))).toEqual([`'${'1'.repeat(256)}`]);
  });

  it('is found quickly in a text of a megabyte', () => {
    const startedAt = performance.now();
    for (const text of ['1', ' ', 'e', '1 ', 'ä', '1ä'].map((part) => part.repeat(1_000_000))) looksLikeAValue(text);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('a cell for spreadsheets', () => {
  it('shows each control character as its picture, and no line end or tab', () => {
    expect(cellsOf('a\0b\x07\x1b[31m\x7f\r\n\tc\rd\x85')).toEqual(['a\u2400b\u2407\u241b[31m\u2421\n\tc\u240dd\\x85']);
  });

  it('is cut between whole characters if Excel has no room for it, and says that it is cut', () => {
    for (const [whole, kept] of [
      ['x'.repeat(MOST_IN_CELL + 1), 'x'],
      [`-${'\u{1f600}'.repeat(MOST_IN_CELL)}`, "'-"],
      ['1'.repeat(50_000), "'1"],
    ] as const) {
      const [cell = ''] = cellsOf(whole);
      expect(cell.length).toBeLessThanOrEqual(MOST_IN_CELL);
      expect(cell.length).toBeGreaterThan(MOST_IN_CELL - 10);
      expect(cell.startsWith(kept)).toBe(true);
      expect(cell.isWellFormed()).toBe(true);
      expect(cell).toMatch(
        /\n\[Cut here: these are [\d,]+ of [\d,]+ characters, as many as a cell holds\. The exact CSV has all\.\]$/,
      );
    }
    expect(cellsOf('x'.repeat(MOST_IN_CELL))).toEqual(['x'.repeat(MOST_IN_CELL)]);
  });

  it('has numbers and truth values as they are, and is empty for null', () => {
    expect(cellsOf(5, -1.5, true, null, undefined)).toEqual(['5', '-1.5', 'true', '', '']);
  });

  it('runs nothing: its only formula is one text, and the result is that text', () => {
    const nasty = fc.oneof(
      fc.string({
        unit: fc.constantFrom('1', 'e', '=', '-', '"', ';', '\t', '\r', '\n', "'", '(', 'M', 'a', 'r', '＝'),
      }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...VALUES, ...TEXTS),
    );
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1 }), (texts) => {
        for (const [i, cell] of cellsOf(...texts).entries()) {
          if (cell.startsWith('=')) expect(cell).toBe(`="${texts[i]}"`);
          expect(cell).not.toMatch(/^[+\-@\t\r\n＝＋－＠]/);
          // Text that is not a value stays as it is, except for apostrophes, line ends and controls.
          const plain = (text: string) => text.replaceAll("'", '').replaceAll('\r\n', '\n');
          if (!/(?![\t\n\r])\p{Cc}|\r/u.test(texts[i] ?? '')) expect(plain(shown(cell))).toBe(plain(texts[i] ?? ''));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a file for spreadsheets', () => {
  it('begins with a byte order mark, and no other file does', () => {
    expect(CSV_START).toEqual({ spreadsheet: '\ufeff', safe: '', raw: '' });
  });
});
