import type { Child } from 'hono/jsx';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { kindOfStatus } from '../../../model/final-status.ts';

export interface GridRow {
  head: Child;
  /**
   * One cell for each column; undefined if the row has nothing there. `label` describes the cell in full; `href` is the
   * address of what it shows.
   */
  cells: readonly ({ status: string | null; label: string; href: string } | undefined)[];
}

const MARKS = { good: '✓', bad: '✕', busy: '…' } as const;

/** A table of how runs or steps ended. Each cell has a mark that links to its invocation. */
export function StatusGrid(props: {
  caption: string;
  corner: string;
  columns: readonly Child[];
  rows: readonly GridRow[];
  /** For each column: a sentence if runs may be missing between this column and the next, else undefined. */
  gapsAfter?: readonly (string | undefined)[];
}) {
  const { caption, corner, columns, rows, gapsAfter = [] } = props;
  return (
    <section class="wide" tabindex={0} aria-label={caption}>
      <table class="grid" data-rows>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((column, n) => (
              <>
                <th scope="col">{column}</th>
                {gapsAfter[n] && (
                  <th scope="col">
                    <span class="cell hatched" role="img" title={gapsAfter[n]} aria-label={gapsAfter[n]} />
                  </th>
                )}
              </>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ head, cells }) => (
            <tr>
              <th scope="row">{head}</th>
              {cells.map((cell, n) => (
                <>
                  <td>{cell && <Cell {...cell} />}</td>
                  {gapsAfter[n] && (
                    <td>
                      <span class="cell hatched" aria-hidden="true" />
                    </td>
                  )}
                </>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ status, label, href }: { status: string | null; label: string; href: string }) {
  const kind = kindOfStatus(status);
  const told = visibleText(`${label}: ${status || 'no status'}`);
  return (
    <a class={`cell cell-${kind}`} href={href} title={told} aria-label={told}>
      {MARKS[kind]}
    </a>
  );
}
