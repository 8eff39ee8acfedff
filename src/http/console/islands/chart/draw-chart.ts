import uPlot from 'uplot';
import type { Column } from './column.ts';
import type { Drawing, Series } from './group-series.ts';

/** The kinds of charts. In `bars`, the bars of several series are side by side. */
export type ChartKind = 'line' | 'bars' | 'stacked';

export interface ChartSpec {
  kind: ChartKind;
  x: Column;
  y: Column;
  /** The column with the names of the series; undefined if there is only one series. */
  by: Column | undefined;
  drawing: Drawing;
}

const HEIGHT = 300;
const MOST_LABEL = 12;
/** The bars of a place take this share of its width; a single bar has at most this many pixels. */
const BAR_SHARE = 0.7;
const MOST_BAR = 60;
/** The lines of further series are dashed, because so many colours are hard to distinguish. */
const WHOLE_LINES = 5;
const DASH = [6, 4];

/**
 * Draws series of a table into an element, and describes them there in words. `say` is called with the text for the
 * place under the pointer. Returns a function that removes the chart.
 */
export function drawChart(place: HTMLElement, spec: ChartSpec, say: (point: string) => void): () => void {
  const { kind, x, by, drawing } = spec;
  const { places, series } = drawing;
  const xs = places.map(({ at }) => at);
  const isBars = kind !== 'line';
  const gap = leastGap(xs);
  const half = isBars ? gap / 2 : 0;
  const ink = (name: string) => () => colorOf(place, name);
  const axis = { stroke: ink('--text'), grid: { stroke: ink('--line') }, ticks: { stroke: ink('--line') } };
  const bases = kind === 'stacked' ? stackedOn(series) : undefined;
  const tops = series.map(({ values }, n) => values.map((value, i) => (value ?? 0) + (bases?.[n]?.[i] ?? 0)));
  const [lowest, highest] = [Math.min(0, ...tops.flat()), Math.max(0, ...tops.flat())];
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      // This leaves room for the last label along the bottom, which may be wider than its place.
      padding: [null, 40, null, null],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: !isBars } },
      // The archive's times are UTC.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: {
        x: {
          time: x.kind === 'time',
          range: (_, min, max) => (min === max ? [min - (half || 1), max + (half || 1)] : [min - half, max + half]),
        },
        // Bars must begin at 0: otherwise their lengths would mislead.
        y: isBars ? { range: () => [lowest * 1.1, highest * 1.1 || 1] } : {},
      },
      axes: [
        { ...axis, ...(x.kind === 'text' && namedAxis(places)), ...(x.kind === 'time' && TIME_AXIS) },
        { ...axis, size: 64 },
      ],
      series: [
        {},
        ...series.map(({ name, values }, n) => {
          const color = ink(series.length === 1 ? '--link' : seriesColor(n));
          const line = { stroke: color, width: 2, points: { show: values.length < 100 } };
          const paths = barsOf({
            xs,
            values,
            gap,
            base: bases?.[n],
            slot: bases ? 0 : n,
            slots: bases ? 1 : series.length,
          });
          return {
            label: name,
            ...line,
            ...(n >= WHOLE_LINES && { dash: DASH }),
            ...(isBars && { fill: color, width: 0, paths, points: { show: false } }),
          };
        }),
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx } }) => {
            say(idx === null || idx === undefined ? '' : toldAt(spec, idx));
          },
        ],
      },
    },
    [xs, ...series.map(({ values }) => values)],
    place,
  );
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', toldOf(spec));
  const legend = by ? legendOf(by, series) : undefined;
  if (legend) place.before(legend);
  const sizes = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
  sizes.observe(place);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw();
  dark.addEventListener('change', redraw);
  return () => {
    sizes.disconnect();
    dark.removeEventListener('change', redraw);
    legend?.remove();
    plot.destroy();
  };
}

const KIND_NAMES = { line: 'A line', bars: 'Bars', stacked: 'Stacked bars' } as const;

/** Describes the chart for people who can't see it. */
function toldOf({ kind, x, y, by, drawing: { series } }: ChartSpec): string {
  const points = series.reduce((sum, { values }) => sum + values.filter((value) => value !== null).length, 0);
  const each = by ? `, one for each ${by.name} (${series.map(({ name }) => name).join(', ')})` : '';
  return `${KIND_NAMES[kind]} of ${y.name} by ${x.name}${each}, ${points} points. The table below has the same values.`;
}

/** The text for a place: the values that the chart shows there. */
function toldAt({ x, drawing: { places, series } }: ChartSpec, i: number): string {
  const values = series.flatMap(({ name, values: of }) => (of[i] === null ? [] : [`${name} ${of[i]}`]));
  return `${x.name} ${places[i]?.text ?? ''}: ${values.join(', ')}`;
}

function seriesColor(n: number): string {
  return `--series-${n + 1}`;
}

function legendOf(by: Column, series: readonly Series[]): HTMLElement {
  const legend = document.createElement('p');
  legend.className = 'bar quiet legend';
  legend.append(
    `${by.name}:`,
    ...series.map(({ name }, n) =>
      Object.assign(document.createElement('span'), {
        className: `key key-series-${n + 1}`,
        textContent: name || '(empty)',
      }),
    ),
  );
  return legend;
}

/** The base of each value in a stack: the sum of the series before it. */
function stackedOn(series: readonly Series[]): number[][] {
  const sums: number[] = [];
  return series.map(({ values }) =>
    values.map((value, i) => {
      const base = sums[i] ?? 0;
      sums[i] = base + (value ?? 0);
      return base;
    }),
  );
}

interface BarsSpec {
  xs: readonly number[];
  values: readonly (number | null)[];
  /** The distance between two places, in the scale of x. */
  gap: number;
  base: readonly number[] | undefined;
  /** The number of this bar in its place, counted from the left, and how many bars a place has. */
  slot: number;
  slots: number;
}

function barsOf({ xs, values, gap, base, slot, slots }: BarsSpec): uPlot.Series.PathBuilder {
  return (plot) => {
    const path = new Path2D();
    const room = Math.abs(plot.valToPos(gap, 'x', true) - plot.valToPos(0, 'x', true)) * BAR_SHARE;
    const width = Math.min(room / slots, MOST_BAR * devicePixelRatio);
    for (const [i, value] of values.entries()) {
      const below = base?.[i] ?? 0;
      if (value === null || value === 0) continue;
      const left = plot.valToPos(xs[i] ?? 0, 'x', true) + (slot - slots / 2) * width;
      const [from, to] = [plot.valToPos(below, 'y', true), plot.valToPos(below + value, 'y', true)];
      path.rect(left, Math.min(from, to), Math.max(1, width - 1), Math.max(1, Math.abs(to - from)));
    }
    return { fill: path, stroke: null, clip: null, flags: 0 };
  };
}

function leastGap(sorted: readonly number[]): number {
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] ?? value));
  const positive = gaps.filter((gap) => gap > 0);
  return positive.length === 0 ? 1 : positive.reduce((least, gap) => Math.min(least, gap));
}

/** Labels for times, in UTC and in the form that the archive uses; only days if all times are at midnight. */
const TIME_AXIS: Partial<uPlot.Axis> = {
  space: 110,
  values: (_, splits) => {
    const times = splits.map((seconds) => new Date(seconds * 1000).toISOString());
    const isDays = times.every((time) => time.includes('T00:00'));
    return times.map((time) => (isDays ? time.slice(0, 10) : `${time.slice(5, 10)} ${time.slice(11, 16)}`));
  },
};

/** Labels for values that are neither numbers nor times: their texts, in the order of the rows. */
function namedAxis(places: Drawing['places']): Partial<uPlot.Axis> {
  const nameOf = (at: number) => (Number.isInteger(at) ? (places[at]?.text ?? '') : '');
  const short = (text: string) => (text.length > MOST_LABEL ? `${text.slice(0, MOST_LABEL)}…` : text);
  return {
    space: 110,
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    values: (_, splits) => splits.map((at) => short(nameOf(at))),
  };
}

/** Reads the value of a CSS custom property, because a canvas can't. The value depends on the light or dark theme. */
function colorOf(place: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
