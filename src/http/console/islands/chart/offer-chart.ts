import type { Column } from './column.ts';
import { type ChartKind, drawChart } from './draw-chart.ts';
import { type Drawing, groupSeries, type NoDrawing, suggestSeries } from './group-series.ts';
import { isShare } from './is-share.ts';
import { readColumns } from './read-columns.ts';

const KINDS: Readonly<Record<'' | ChartKind, string>> = {
  '': 'None',
  line: 'Line',
  bars: 'Bars',
  stacked: 'Stacked bars',
};
/** A choice instead of a column: all rows belong to one series. */
const ONE_SERIES: [string, string] = ['', 'one series'];

let remove = () => {};

/**
 * Offers a chart of the result's table, if it has numbers and more than one row. The choices are kept in the address,
 * after the #, so that a link includes them.
 */
export function offerChart(): void {
  remove();
  remove = () => {};
  const table = document.querySelector<HTMLTableElement>('#result table[data-grid]');
  const columns = table ? readColumns(table) : [];
  const numbers = columns.filter(({ kind }) => kind === 'number');
  const grid = table?.parentElement;
  if (!grid || numbers.length === 0 || columns.length < 2 || (table.tBodies[0]?.rows.length ?? 0) < 2) return;

  const chosen = new URLSearchParams(location.hash.slice(1));
  const first = columns.find(({ kind }) => kind === 'time') ?? columns[0];
  const others = numbers.filter((column) => column !== first);
  const last = others.filter((column) => !isShare(column)).at(-1) ?? others.at(-1) ?? numbers[0];
  const kind = selectOf('Chart', Object.entries(KINDS), chosen.get('chart') ?? '');
  const x = selectOf('Across', namesOf(columns), chosen.get('x') ?? first?.name ?? '');
  const y = selectOf('Up', namesOf(numbers), chosen.get('y') ?? last?.name ?? '');
  const by = selectOf('A series for each', [ONE_SERIES, ...namesOf(columns)], chosen.get('by') ?? '');
  const choices = document.createElement('p');
  choices.className = 'bar chart-choices';
  choices.append(kind.label, x.label, y.label, by.label);
  const place = document.createElement('div');
  place.className = 'plot-of-result';
  const readout = document.createElement('p');
  readout.className = 'quiet readout';
  readout.setAttribute('role', 'status');
  grid.before(choices);

  const draw = () => {
    remove();
    remove = () => {};
    place.remove();
    readout.remove();
    const shown = kindOf(kind.select.value);
    for (const { label } of [x, y, by]) label.hidden = shown === undefined;
    const across = columns.find(({ name }) => name === x.select.value);
    const up = numbers.find(({ name }) => name === y.select.value);
    if (!shown || !across || !up) return;
    const named = columns.find(({ name }) => name === by.select.value);
    const each = named ?? suggestSeries(columns, across, up);
    by.select.value = each?.name ?? '';
    const drawing = drawn(shown, up, groupSeries(across, up, each));
    if ('refusal' in drawing) {
      readout.textContent = drawing.refusal;
      choices.after(readout);
      return;
    }
    choices.after(place, readout);
    const note = noteOf(drawing, across);
    readout.textContent = note;
    remove = drawChart(place, { kind: shown, x: across, y: up, by: each, drawing }, (point) => {
      readout.textContent = point || note;
    });
  };
  choices.addEventListener('change', (event) => {
    // With a new column for x or y, the old choice of series may not fit any more.
    if (event.target === x.select || event.target === y.select) by.select.value = '';
    draw();
    const choice = new URLSearchParams({ chart: kind.select.value, x: x.select.value, y: y.select.value });
    if (by.select.value !== '') choice.set('by', by.select.value);
    const hash = kind.select.value === '' ? '' : `#${choice}`;
    history.replaceState(null, '', location.pathname + location.search + hash);
  });
  draw();
}

function kindOf(value: string): ChartKind | undefined {
  return value === 'line' || value === 'bars' || value === 'stacked' ? value : undefined;
}

/** Refuses to stack negative values or shares, because a stack is a sum. */
function drawn(kind: ChartKind, up: Column, drawing: Drawing | NoDrawing): Drawing | NoDrawing {
  if (kind !== 'stacked' || 'refusal' in drawing) return drawing;
  if (isShare(up) && drawing.series.length > 1)
    return { refusal: `Values of ${up.name} cannot be added up: choose bars, which are side by side, or lines.` };
  const isBelow = drawing.series.some(({ values }) => values.some((value) => value !== null && value < 0));
  return isBelow
    ? { refusal: 'Some values are below 0 and cannot be stacked: choose bars, which are side by side.' }
    : drawing;
}

/** The sentence about the rows that the chart leaves out. */
function noteOf({ leftOut }: Drawing, { name }: Column): string {
  const rows =
    leftOut === 0
      ? ''
      : `${leftOut === 1 ? '1 row has' : `${leftOut} rows have`} no ${name}, so the chart leaves ${leftOut === 1 ? 'it' : 'them'} out. `;
  return document.querySelector('#result > .note')
    ? `${rows}The chart shows only the rows below: the answer has more.`
    : rows;
}

function namesOf(columns: readonly Column[]): [string, string][] {
  return columns.map(({ name }) => [name, name]);
}

function selectOf(text: string, options: readonly (readonly [value: string, text: string])[], chosen: string) {
  const select = document.createElement('select');
  select.append(...options.map(([value, name]) => new Option(name, value, false, value === chosen)));
  const label = Object.assign(document.createElement('label'), { textContent: text });
  label.append(select);
  return { select, label };
}
