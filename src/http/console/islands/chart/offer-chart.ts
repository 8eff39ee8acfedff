import { drawChart } from './draw-chart.ts';
import { type Column, readColumns } from './read-columns.ts';

const KINDS = { '': 'None', line: 'Line', bars: 'Bars' } as const;

let remove = () => {};

/**
 * Offers a chart of the result's table, where it has numbers and more than one row. What is chosen stands behind the # of
 * the address, so that a link has it.
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
  const last = numbers.filter((column) => column !== first).at(-1) ?? numbers[0];
  const kind = selectOf('Chart', Object.entries(KINDS), chosen.get('chart') ?? '');
  const x = selectOf('Across', namesOf(columns), chosen.get('x') ?? first?.name ?? '');
  const y = selectOf('Up', namesOf(numbers), chosen.get('y') ?? last?.name ?? '');
  const choices = document.createElement('p');
  choices.className = 'bar chart-choices';
  choices.append(kind.label, x.label, y.label);
  const place = document.createElement('div');
  place.className = 'plot-of-result';
  const readout = document.createElement('p');
  readout.className = 'quiet readout';
  grid.before(choices);

  const draw = () => {
    remove();
    remove = () => {};
    const isShown = kind.select.value === 'line' || kind.select.value === 'bars';
    x.label.hidden = !isShown;
    y.label.hidden = !isShown;
    const across = columns.find(({ name }) => name === x.select.value);
    const up = numbers.find(({ name }) => name === y.select.value);
    if (!isShown || !across || !up) {
      place.remove();
      readout.remove();
      return;
    }
    choices.after(place, readout);
    readout.textContent = '';
    const spec = { kind: kind.select.value === 'bars' ? 'bars' : 'line', x: across, y: up } as const;
    remove = drawChart(place, spec, (point) => {
      readout.textContent = point;
    });
  };
  choices.addEventListener('change', () => {
    draw();
    const choice = new URLSearchParams({ chart: kind.select.value, x: x.select.value, y: y.select.value });
    const hash = kind.select.value === '' ? '' : `#${choice}`;
    history.replaceState(null, '', location.pathname + location.search + hash);
  });
  draw();
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
