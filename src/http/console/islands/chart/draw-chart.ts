import uPlot from 'uplot';
import type { Column } from './read-columns.ts';

export interface ChartSpec {
  kind: 'line' | 'bars';
  x: Column;
  y: Column;
}

const HEIGHT = 300;
const MOST_LABEL = 12;
/** Of the room that a bar has, and in pixels. */
const BAR_SIZE: [number, number] = [0.7, 60];

/**
 * Draws two columns of a table into an element, which says in words what it shows; `say` hears of the point under the
 * pointer. Returns how to take it away.
 */
export function drawChart(place: HTMLElement, { kind, x, y }: ChartSpec, say: (point: string) => void): () => void {
  const points = pointsOf(x, y);
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const half = kind === 'bars' ? leastGap(xs) / 2 : 0;
  const ink = (name: string) => () => colorOf(place, name);
  const axis = { stroke: ink('--text'), grid: { stroke: ink('--line') }, ticks: { stroke: ink('--line') } };
  const bars = uPlot.paths.bars?.({ size: BAR_SIZE });
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      // The last name along the bottom may reach beyond its point.
      padding: [null, 40, null, null],
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      // The archive's times are UTC.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: {
        x: {
          time: x.kind === 'time',
          range: (_, min, max) => (min === max ? [min - (half || 1), max + (half || 1)] : [min - half, max + half]),
        },
        // A bar begins at nothing, or it would say what is not so.
        y: kind === 'bars' ? { range: (_, min, max) => [Math.min(0, min * 1.1), Math.max(0, max * 1.1)] } : {},
      },
      axes: [
        { ...axis, ...(x.kind === 'text' && namedAxis(x.texts)), ...(x.kind === 'time' && TIME_AXIS) },
        { ...axis, size: 64 },
      ],
      series: [
        {},
        {
          label: y.name,
          stroke: ink('--link'),
          width: 2,
          points: { show: points.length < 100 },
          ...(kind === 'bars' && { fill: ink('--link'), ...(bars && { paths: bars }), points: { show: false } }),
        },
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx } }) => {
            const point = idx === null || idx === undefined ? undefined : points[idx];
            say(point ? `${x.name} ${point.text}: ${y.name} ${point.y}` : '');
          },
        ],
      },
    },
    [xs, ys],
    place,
  );
  place.setAttribute('role', 'img');
  place.setAttribute(
    'aria-label',
    `${kind === 'bars' ? 'Bars' : 'A line'} of ${y.name} by ${x.name}, ${points.length} points. The table below has the same values.`,
  );
  const sizes = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
  sizes.observe(place);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw();
  dark.addEventListener('change', redraw);
  return () => {
    sizes.disconnect();
    dark.removeEventListener('change', redraw);
    plot.destroy();
  };
}

/** Rows that have both, in the order of x. */
function pointsOf(x: Column, y: Column): { x: number; y: number; text: string }[] {
  return x.texts
    .flatMap((text, i) => {
      const [across, up] = [x.values[i] ?? null, y.values[i] ?? null];
      return across === null || up === null ? [] : [{ x: across, y: up, text }];
    })
    .sort((a, b) => a.x - b.x);
}

function leastGap(sorted: readonly number[]): number {
  const gaps = sorted.slice(1).map((value, i) => value - (sorted[i] ?? value));
  const positive = gaps.filter((gap) => gap > 0);
  return positive.length === 0 ? 1 : positive.reduce((least, gap) => Math.min(least, gap));
}

/** As the archive writes times, in UTC; the day alone where that is all. */
const TIME_AXIS: Partial<uPlot.Axis> = {
  space: 110,
  values: (_, splits) => {
    const times = splits.map((seconds) => new Date(seconds * 1000).toISOString());
    const isDays = times.every((time) => time.includes('T00:00'));
    return times.map((time) => (isDays ? time.slice(0, 10) : `${time.slice(5, 10)} ${time.slice(11, 16)}`));
  },
};

/** What is neither a number nor a time stands in its order, by its name. */
function namedAxis(texts: readonly string[]): Partial<uPlot.Axis> {
  const nameOf = (at: number) => (Number.isInteger(at) ? (texts[at] ?? '') : '');
  const short = (text: string) => (text.length > MOST_LABEL ? `${text.slice(0, MOST_LABEL)}…` : text);
  return {
    space: 110,
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    values: (_, splits) => splits.map((at) => short(nameOf(at))),
  };
}

/** A canvas knows no custom properties, and these are of light and dark. */
function colorOf(place: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
