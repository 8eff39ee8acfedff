import { describe, expect, it } from 'vitest';
import { noTime, readTime } from '../../../src/questions/time/read-time.ts';

const NOW = Date.parse('2026-03-31T12:34:56.789Z');

import { readDuration } from '../../../src/questions/time/relative-time.ts';

describe('a time that a person writes', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:30:00+02:00', '2026-03-01T07:30:00.000Z'],
    ['2026-03-01T09:30:00+0200', '2026-03-01T07:30:00.000Z'],
    ['now', '2026-03-31T12:34:56.789Z'],
    ['today', '2026-03-31T00:00:00.000Z'],
    ['-7d', '2026-03-24T12:34:56.789Z'],
    ['-12h', '2026-03-31T00:34:56.789Z'],
    ['-30m', '2026-03-31T12:04:56.789Z'],
    ['-2w', '2026-03-17T12:34:56.789Z'],
    ['+90d', '2026-06-29T12:34:56.789Z'],
  ])('as %s is read as %s', (text, expected) => {
    expect(readTime(text, NOW)).toBe(expected);
  });

  it.each(['', '7d', '-7', '-7y', '- 7d', '-7D', 'yesterday', '-9999999w', '+9999999w', '-12345678d', '2026-02-30'])(
    'is not recognized in %j',
    (text) => {
      expect(readTime(text, NOW)).toBeUndefined();
    },
  );

  it.each([
    ['7d', '-7d'],
    ['-7D', '-7d'],
    ['\u22127d', '-7d'],
    [' today ', 'today'],
    ['2026-03-01T09:30:00', '2026-03-01T09:30:00Z'],
    ['2026-03-01 09:30', '2026-03-01T09:30Z'],
    ['2026-03-01T09:30:00 02:00', '2026-03-01T09:30:00+02:00'],
  ])('is proposed for %j, because it is similar: %s', (text, meant) => {
    expect(noTime(text)).toContain(`. Did you mean "${meant}"?`);
  });

  it('is not proposed if no time is similar', () => {
    expect(noTime('yesterday')).toBe(
      'must be a date such as 2026-03-01 (its beginning, in UTC), a time with its zone such as 2026-03-01T09:30:00Z, or a time relative to now such as -7d, -12h, -30m, -2w, now or today, not "yesterday"',
    );
    expect(noTime('x'.repeat(10_000)).length).toBeLessThan(230);
  });
});

describe('a length of time', () => {
  it.each([
    ['400d', 34_560_000_000],
    ['12h', 43_200_000],
    ['30m', 1_800_000],
    ['2w', 1_209_600_000],
  ])('written as %s is read as %d ms', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each(['', '400', '-7d', '+7d', '7y', '1.5d', '12345678d'])('is not recognized in %j', (text) => {
    expect(readDuration(text)).toBeUndefined();
  });
});
