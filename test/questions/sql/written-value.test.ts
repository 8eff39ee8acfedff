import { describe, expect, it } from 'vitest';
import { writtenValue } from '../../../src/questions/sql/written-value.ts';

const NOW = Date.parse('2026-03-31T12:00:00.000Z');

describe('a value that a person writes for a parameter of SQL', () => {
  it.each([
    ['5', 5],
    ['-1.5', -1.5],
    ['012', '012'],
    ['9007199254740993', '9007199254740993'],
    ['-7d', '2026-03-24T12:00:00.000Z'],
    ['+12h', '2026-04-01T00:00:00.000Z'],
    ['7d', '7d'],
    ['now', '2026-03-31T12:00:00.000Z'],
    ['today', '2026-03-31T00:00:00.000Z'],
    ['2026-03-20T00:30:00+02:00', '2026-03-19T22:30:00.000Z'],
    ['2026-03-20T00:30:00', '2026-03-20T00:30:00'],
    ['2026-03-01', '2026-03-01'],
    ['-7 d', '-7 d'],
  ])('as %j is read as %j', (text, value) => {
    expect(writtenValue(text, NOW)).toBe(value);
  });
});
