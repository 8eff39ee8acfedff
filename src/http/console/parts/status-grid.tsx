import type { Child } from 'hono/jsx';
import { kindOfStatus } from '../../../lib/final-status.ts';
import { visibleText } from '../../../lib/visible-text.ts';

export interface GridRow {
  head: Child;
  /** By column; undefined where the row has none there. `label` tells the whole, `href` leads to it. */
  cells: readonly ({ status: string | null; label: string; href: string } | undefined)[];
}

const MARKS = { good: '✓', bad: '✕', busy: '…' } as const;

/** How each of several things ended, over runs or steps: a mark a cell, which leads to its invocation. */
export function StatusGrid(props: {
  caption: string;
  corner: string;
  columns: readonly Child[];
  rows: readonly GridRow[];
}) {
  const { caption, corner, columns, rows } = props;
  return (
    <section class="wide" tabindex={0} aria-label={caption}>
      <table class="grid" data-rows>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ head, cells }) => (
            <tr>
              <th scope="row">{head}</th>
              {cells.map((cell) => (
                <td>{cell && <Cell {...cell} />}</td>
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
