import { describe, expect, it } from 'vitest';
import { CursorInvalid, decodeCursor, encodeCursor } from '../../../src/questions/cursor.ts';
import { parseTime } from '../../../src/questions/time/parse-time.ts';

describe('a time', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:30Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:00+02:00', '2026-03-01T07:30:00.000Z'],
    ['2026-03-01T09:30:00.123456789Z', '2026-03-01T09:30:00.123Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('written as %s is read as %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-03-01T25:00:00Z',
    '2026-03-01T09:30:00',
    '1772357400',
    '2026-3-1',
    '2026-03-01T24:00:00Z',
    '9999-12-31T23:00:00-02:00',
    '2026-03-01T09:30:00 02:00',
  ])('is not recognized in %j', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});

describe('a cursor', () => {
  it('returns its position only for the question for which it was made', () => {
    const cursor = encodeCursor(['list', { a: 1 }], ['2026', 7]);
    expect(decodeCursor(['list', { a: 1 }], cursor)).toEqual(['2026', 7]);
    expect(() => decodeCursor(['list', { a: 2 }], cursor)).toThrow(CursorInvalid);
    expect(() => decodeCursor(['list', { a: 1 }], 'made-up')).toThrow('is not a cursor');
    expect(() => decodeCursor(['list', { a: 1 }], '')).toThrow('is not a cursor');
  });
});
