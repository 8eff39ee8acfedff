import { expect, test } from 'vitest';
import { parseIsoTime } from '../../../../src/http/aws/input/parse-iso-time.ts';

test.each([
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
  ['2026-01-02T03:04:05.6789Z', '2026-01-02T03:04:05.678Z'],
  ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
  ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
  ['2026-01-02T03:04:05-0530', '2026-01-02T08:34:05.000Z'],
  ['2026-01-02', '2026-01-02T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
])('%s is read as the time %s', (text, iso) => {
  expect(new Date(parseIsoTime(text) ?? Number.NaN).toISOString()).toBe(iso);
});

test.each(['', 'now', '2026-13-01', '2026-01-02T24:00:00Z', '2026-02-29', '2026-01-02T03:04:05+99:00', ' 2026-01-02'])(
  '%s is not a time',
  (text) => {
    expect(parseIsoTime(text)).toBeUndefined();
  },
);
