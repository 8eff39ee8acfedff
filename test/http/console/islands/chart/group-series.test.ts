import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../../../../src/http/console/islands/chart/column.ts';
import { groupSeries, MOST_SERIES, suggestSeries } from '../../../../../src/http/console/islands/chart/group-series.ts';
import { isShare } from '../../../../../src/http/console/islands/chart/is-share.ts';

function texts(name: string, given: readonly (string | null)[]): Column {
  const shown = given.map((text) => text ?? 'NULL');
  return {
    name,
    kind: 'text',
    texts: shown,
    isNull: given.map((text) => text === null),
    values: given.map(() => null),
  };
}

function numbers(name: string, given: readonly (number | null)[]): Column {
  const shown = given.map((value) => (value === null ? 'NULL' : String(value)));
  return { name, kind: 'number', texts: shown, isNull: given.map((value) => value === null), values: [...given] };
}

const week = texts('week', ['W43', 'W43', 'W44']);
const status = texts('status', ['Success', 'Failed', 'Success']);
const n = numbers('n', [10, 2, 7]);

describe('a column whose values must not be added up', () => {
  it.each(['failure_percent', 'p95_ms', 'max_ms', 'avg_duration', 'success_rate', 'share'])(
    'is recognised by its name; a stack of its values would mean nothing: %s',
    (name) => {
      expect(isShare({ name })).toBe(true);
    },
  );

  it.each(['failures', 'invocations', 'n', 'duration_ms', 'maximal', 'generated'])(
    'is not assumed for the name %s',
    (name) => {
      expect(isShare({ name })).toBe(false);
    },
  );
});

describe('a chart of a table', () => {
  it('shows weeks in order from left to right, however the rows are sorted', () => {
    const weeks = texts('week', ['2026-W02', '2026-W01', '2025-W52']);
    expect(groupSeries(weeks, numbers('n', [3, 2, 1]), undefined)).toMatchObject({
      places: [{ text: '2025-W52' }, { text: '2026-W01' }, { text: '2026-W02' }],
      series: [{ values: [1, 2, 3] }],
    });
  });

  it('has one value for each place and series; if a place has several rows, the column in which they differ gives the series', () => {
    expect(suggestSeries([week, status, n], week, n)).toBe(status);
    expect(groupSeries(week, n, status)).toEqual({
      places: [
        { at: 0, text: 'W43' },
        { at: 1, text: 'W44' },
      ],
      series: [
        { name: 'Success', values: [10, 7] },
        { name: 'Failed', values: [2, null] },
      ],
      leftOut: 0,
    });
  });

  it('is not drawn if two rows have the same place in the same series, or if there are too many series', () => {
    expect(groupSeries(week, n, undefined)).toEqual({
      refusal: expect.stringContaining('Several rows have the same week'),
    });
    const same = texts('status', ['Failed', 'Failed', 'Failed']);
    expect(suggestSeries([week, same, n], week, n)).toBeUndefined();
    expect(groupSeries(week, n, same)).toEqual({ refusal: expect.stringContaining('the same week and status') });
    const rows = Array.from({ length: MOST_SERIES + 1 }, (_, row) => row);
    const many = texts(
      'node',
      rows.map((row) => `i-${row}`),
    );
    const one = texts(
      'week',
      rows.map(() => 'W43'),
    );
    expect(groupSeries(one, numbers('n', rows), many)).toEqual({
      refusal: expect.stringContaining('node has 11 values'),
    });
  });

  it('needs no column for series if no place repeats, shows a missing value as a gap, and does not mix up NULL and the text "NULL"', () => {
    const day = texts('day', ['NULL', null, 'b']);
    expect(suggestSeries([day, n], day, n)).toBeUndefined();
    expect(groupSeries(day, numbers('n', [1, null, 3]), undefined)).toMatchObject({
      series: [{ name: 'n', values: [1, null, 3] }],
    });
    const at = numbers('hour', [5, null, 3]);
    expect(groupSeries(at, n, undefined)).toEqual({
      places: [
        { at: 3, text: '3' },
        { at: 5, text: '5' },
      ],
      series: [{ name: 'n', values: [7, 10] }],
      leftOut: 1,
    });
  });

  it('shows each row once, at its place and in its series, or shows no chart', () => {
    const row = fc.record({ x: fc.constantFrom('a', 'b', 'c'), by: fc.constantFrom('p', 'q', null), y: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 9 }), (rows) => {
        const [x, by] = [
          texts(
            'x',
            rows.map((r) => r.x),
          ),
          texts(
            'by',
            rows.map((r) => r.by),
          ),
        ];
        const drawn = groupSeries(
          x,
          numbers(
            'y',
            rows.map((r) => r.y),
          ),
          by,
        );
        const isRepeated = new Set(rows.map((r) => `${r.x} ${r.by}`)).size < rows.length;
        expect('refusal' in drawn).toBe(isRepeated);
        if ('refusal' in drawn) return;
        const shown = drawn.series.flatMap(({ name, values }) =>
          values.flatMap((value, i) => (value === null ? [] : [`${drawn.places[i]?.text} ${name} ${value}`])),
        );
        expect(shown.sort()).toEqual(rows.map((r) => `${r.x} ${r.by ?? 'NULL'} ${r.y}`).sort());
      }),
    );
  });
});
