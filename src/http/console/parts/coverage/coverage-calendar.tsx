import type { SourceCoverage } from '../../../../archive/coverage/read-coverage.ts';
import { type CellState, type CoverageCell, stateOfCell } from './coverage-cells.ts';
import { pathOfCoverage } from './path-of-coverage.ts';

const SAYS: Record<CellState, string> = {
  complete: 'complete',
  edge: 'collected, but earlier commands may have later invocations',
  partial: 'partly collected',
  gap: 'not collected',
  open: 'not over yet',
};
const STATES = ['complete', 'edge', 'partial', 'gap', 'open'] as const;

/**
 * The days of a span (or the months, if it is long), and how much of each is collected in an account and region. Time
 * before the first pass counts as not collected.
 */
export function CoverageCalendar(props: {
  of: Pick<SourceCoverage, 'accountId' | 'region' | 'covered' | 'edges'>;
  cells: readonly CoverageCell[];
  settledAt: string;
}) {
  const { of, cells, settledAt } = props;
  return (
    <>
      {rowsOf(cells).map(([row, own]) => (
        <div class="month">
          <span class="quiet">{row}</span>
          <ol class="days" aria-label={row}>
            {own.map((cell) => {
              const state = stateOfCell(of, cell, settledAt);
              const told = `${nameOf(cell)}: ${SAYS[state]}`;
              const path = pathOfCell(of, cell);
              return (
                <li>
                  {path === undefined ? (
                    <span class={`day ${state}`} role="img" title={told} aria-label={told}>
                      {cell.name.slice(row.length + 1)}
                    </span>
                  ) : (
                    <a class={`day ${state}`} href={path} title={told} aria-label={told}>
                      {cell.name.slice(row.length + 1)}
                    </a>
                  )}
                </li>
              );
            })}
          </ol>
        </div>
      ))}
      <p class="bar quiet" aria-hidden="true">
        {STATES.map((state) => (
          <span class="days">
            <span class={`sample ${state}`} /> {SAYS[state]}
          </span>
        ))}
      </p>
    </>
  );
}

/** Groups days by month, and months by year. */
function rowsOf(cells: readonly CoverageCell[]): [row: string, cells: CoverageCell[]][] {
  const rows = new Map<string, CoverageCell[]>();
  for (const cell of cells) {
    const row = cell.name.slice(0, cell.name.lastIndexOf('-'));
    const own = rows.get(row) ?? [];
    own.push(cell);
    rows.set(row, own);
  }
  return [...rows];
}

/** The name of a cell. If the cell is only a part of a day, the name has the times of that part. */
function nameOf({ name, from, to }: CoverageCell): string {
  const isWhole = from.endsWith('T00:00:00.000Z') && to.endsWith('T00:00:00.000Z');
  return isWhole ? name : `${name}, ${from.slice(11, 16)} to ${to.slice(11, 16)} UTC`;
}

/**
 * The address of a cell: a day links to its sweeps, a month to its days. A day of a source whose account is not known
 * has no address, because such a source has no sweeps.
 */
function pathOfCell(
  { accountId, region }: Pick<SourceCoverage, 'accountId' | 'region'>,
  { name, from, to }: CoverageCell,
) {
  if (name.length === 'YYYY-MM'.length) return pathOfCoverage({ from, to });
  if (accountId === null || region === null) return undefined;
  return `/collector/sweeps?${new URLSearchParams({ account: accountId, region, day: name })}`;
}
