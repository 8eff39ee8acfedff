import { describe, expect, it } from 'vitest';
import { parseSpan, parseTime } from '../../../src/cli/terminal.ts';
import { bytes, count, counted, cutTo, duration, table } from '../../../src/cli/text/format.ts';
import { UserFault } from '../../../src/lib/errors/user-fault.ts';

describe('text for a person', () => {
  it('has numbers with separated thousands, and uses the singular for one thing', () => {
    expect(count(1_234_567)).toBe('1,234,567');
    expect([counted(0, 'gap'), counted(1, 'gap'), counted(2000, 'gap')]).toEqual(['0 gaps', '1 gap', '2,000 gaps']);
    expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1_503_238_554, '1.4 GiB'],
    [5 * 2 ** 50, '5120.0 TiB'],
  ])('%d bytes are %s', (n, text) => {
    expect(bytes(n)).toBe(text);
  });

  it.each([
    [0, '0s'],
    [59_499, '59s'],
    [59_500, '1m 00s'],
    [80_000, '1m 20s'],
    [7_500_000, '2h 05m'],
    [30 * 86_400_000, '30d 00h'],
  ])('%d ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('has tables with padded columns, numbers at the right, and one line for each row', () => {
    expect(
      table(
        ['NAME', 'ROWS'],
        [
          ['a\nb', 1],
          ['longer', 12_000],
        ],
      ),
    ).toEqual(['NAME      ROWS', 'a b          1', 'longer  12,000']);
    expect(table(['NAME', 'ROWS'], [])).toEqual(['NAME  ROWS']);
  });

  it('has a mark where a line that is too long was cut', () => {
    expect(cutTo('abcdef', 4)).toBe('abc…');
    expect(cutTo('abcd', 4)).toBe('abcd');
    expect(cutTo('ab\u{1f600}cd', 4)).toBe('ab…');
    expect(cutTo('\u001b[2J', 4)).toBe('\\x1…');
  });

  it('shows every cell of a table that is wider than the terminal, wrapped like its header', () => {
    expect(table(['A'], [['a rather wide value']], 16)).toEqual(['A', 'a rather', '    │ wide value']);
    const rows = [
      ['missing', 'eu-west-1', '2026-03-01', 5],
      ['complete', 'us-east-1', '2026-03-02', 12_000],
    ];
    expect(table(['STATE', 'REGION', 'FROM', 'ROWS'], rows, 24)).toEqual([
      ...['STATE     REGION', '    FROM          ROWS'],
      ...['missing   eu-west-1', '    2026-03-01       5'],
      ...['complete  us-east-1', '    2026-03-02  12,000'],
    ]);
  });

  it('has each cell of a table on one line, with invisible characters made visible', () => {
    expect(table(['A'], [['\u001b[2J\u202e\n x']])).toEqual(['A', '\\x1b[2J\\u202e x']);
  });
});

describe('a time that a person types', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:30Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:15.5Z', '2026-03-01T09:30:15.500Z'],
    ['2026-03-01T10:30:00+01:00', '2026-03-01T09:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseTime('--from', text)).toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-3-1', '2026-03-01T09:30:00', '2026-13-01', '1772357400', '2026-03-01 09:30Z'])(
    '%j is refused',
    (text) => {
      expect(() => parseTime('--from', text)).toThrow(UserFault);
    },
  );

  it('may be left out at either end of a span', () => {
    const day = Date.parse('2026-03-01');
    expect(parseSpan(undefined, undefined, 9, 1)).toBeUndefined();
    expect(parseSpan('2026-03-01', undefined, day + 5, 1)).toEqual({ from: day, to: day + 5 });
    expect(parseSpan(undefined, '2026-03-01', day + 5, 1)).toEqual({ from: 1, to: day });
    expect(() => parseSpan('2026-03-01', '2026-03-01', day, 1)).toThrow(UserFault);
  });
});
