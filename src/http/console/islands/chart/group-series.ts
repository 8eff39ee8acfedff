import type { Column } from './column.ts';

const WEEK = /^\d{4}-W\d\d$/;

/** People can't distinguish more series than this in one chart. */
export const MOST_SERIES = 10;

export interface Series {
  name: string;
  /** One value for each place; null if no row has a value for the place. */
  values: (number | null)[];
}

/** What a chart draws. Each series has one value for each place along the bottom. */
export interface Drawing {
  places: { at: number; text: string }[];
  series: Series[];
  /** The number of rows that have no place, because their x is NULL. */
  leftOut: number;
}

export interface NoDrawing {
  /** A message that says why a chart of these rows would mislead, and what to do. */
  refusal: string;
}

/**
 * Groups the values of `y` by `x`, with a series for each value of `by`. If two rows have the same place in the same
 * series, there is no chart: one row would cover the other, and the chart would mislead.
 */
export function groupSeries(x: Column, y: Column, by: Column | undefined): Drawing | NoDrawing {
  const spots = spotsOf(x);
  const series = new Map<string, Map<number, number | null>>();
  for (const [row, at] of spots.entries()) {
    if (at === null) continue;
    const key = by ? groupKey(by, row) : '';
    const values = series.get(key) ?? new Map<number, number | null>();
    if (values.has(at)) return { refusal: refusalOf(x, by) };
    series.set(key, values.set(at, y.values[row] ?? null));
  }
  if (by && series.size > MOST_SERIES)
    return {
      refusal: `${by.name} has ${series.size} values, but a chart can show at most ${MOST_SERIES} series: ask for fewer values.`,
    };
  const texts = new Map(spots.flatMap((at, row) => (at === null ? [] : [[at, x.texts[row] ?? ''] as const])));
  const places = [...texts].map(([at, text]) => ({ at, text })).sort((a, b) => a.at - b.at);
  return {
    places,
    series: [...series].map(([key, values]) => ({
      name: by ? key.slice(1) : y.name,
      values: places.map(({ at }) => values.get(at) ?? null),
    })),
    leftOut: spots.filter((at) => at === null).length,
  };
}

/**
 * Returns the column that differs between rows with the same x; a text column with few values is preferred. Undefined
 * if no rows have the same x, or if there is no such column.
 */
export function suggestSeries(columns: readonly Column[], x: Column, y: Column): Column | undefined {
  if (!('refusal' in groupSeries(x, y, undefined))) return undefined;
  const spots = spotsOf(x);
  const telling = columns.filter((column) => {
    if (column === x || column === y) return false;
    const seen = new Set<string>();
    return spots.every((at, row) => {
      const key = `${at} ${groupKey(column, row)}`;
      return at === null || (!seen.has(key) && seen.add(key));
    });
  });
  const sizeOf = (column: Column) => new Set(column.texts.map((_, row) => groupKey(column, row))).size;
  const rank = (column: Column) => (column.kind === 'text' ? 0 : column.kind === 'time' ? 1 : 2);
  return telling.toSorted((a, b) => rank(a) - rank(b) || sizeOf(a) - sizeOf(b))[0];
}

/**
 * Returns the place of each row along the bottom: numbers and times by their value, texts in the order in which they
 * first appear.
 */
function spotsOf(x: Column): (number | null)[] {
  if (x.kind !== 'text') return x.values;
  // Weeks are texts, but are always shown in the order of time, however the rows are sorted.
  if (x.texts.every((text, row) => x.isNull[row] || WEEK.test(text))) {
    const weeks = [...new Set(x.texts)].sort();
    return x.texts.map((text, row) => (x.isNull[row] ? null : weeks.indexOf(text)));
  }
  const order = new Map<string, number>();
  return x.texts.map((_, row) => {
    const key = groupKey(x, row);
    const at = order.get(key) ?? order.size;
    order.set(key, at);
    return at;
  });
}

/** A key for a value. NULL and the text that is shown for NULL have different keys. */
function groupKey({ texts, isNull }: Column, row: number): string {
  return `${isNull[row] ? '-' : '+'}${texts[row] ?? ''}`;
}

function refusalOf(x: Column, by: Column | undefined): string {
  const remedy = 'Combine these rows in the SQL (GROUP BY), or add a column in which they differ.';
  return by
    ? `Several rows have the same ${x.name} and ${by.name}, and a chart would draw one over the other. ${remedy}`
    : `Several rows have the same ${x.name}, no other column separates them into series, and a chart would draw one over the other. ${remedy}`;
}
