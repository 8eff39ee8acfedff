import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import type { UnseenValue } from '../../../archive/values/find-never-seen.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { kindOfStatus } from '../../../model/final-status.ts';
import { titleOfStatus } from '../../../model/status-titles.ts';
import { FILTER_NAMES, FILTERS, type FilterName } from '../../../questions/filters.ts';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import type { Covered } from '../parts/coverage/read-covered.ts';
import { FilterFields, MoreFilters } from '../parts/questions/filter-fields.tsx';
import {
  COLUMN_NAMES,
  COLUMNS,
  type ColumnName,
  InvocationTable,
  USUAL_COLUMNS,
} from '../parts/questions/invocation-table.tsx';
import { NeverSeen } from '../parts/questions/never-seen.tsx';
import { NotUnderstood } from '../parts/questions/not-understood.tsx';
import { pathWith } from '../parts/questions/path-without.ts';
import { isNamed, pathOfView, type View, type ViewChanges } from '../parts/questions/read-view.ts';
import type { Ambiguous } from '../parts/questions/resolve-ids.ts';
import { WholeFrom } from '../parts/sealed/whole-from.tsx';
import { count, Text } from '../parts/values/values.tsx';
import { Downloads } from './downloads.tsx';

interface Asked {
  view: View;
  sort: string;
  columns: readonly ColumnName[];
}

export interface InvocationsHead extends Asked {
  /** Suggestions for fields, from the archive. */
  known: Partial<Record<FilterName, readonly string[]>>;
  /** The page's own address. */
  url: string;
}

export interface InvocationsFoundContent extends Asked {
  items: readonly InvocationView[];
  /** How many matching invocations have each Status; undefined if counting takes too long. */
  byStatus: readonly { status: string; count: number }[] | undefined;
  /** The first day from which the counts are whole; undefined if nothing can be missing. The list is whole. */
  countedFrom: string | undefined;
  /** How much of the requested span is covered. */
  covered: Covered;
  nextCursor: string | undefined;
  isFirstPage: boolean;
  /** How many outputs the search could not look at, or could search only in their encoded form. */
  unsearchable: number;
  /** If nothing was found: the values that the archive does not have, and typed texts with which several ids begin. */
  unseen: readonly UnseenValue[];
  ambiguous: readonly Ambiguous[];
  /** The page's own address. */
  url: string;
}

/** `/invocations`: the upper part of the page, with the form. */
export function InvocationsPage(content: InvocationsHead) {
  const { view } = content;
  return (
    <>
      <h1>Invocations</h1>
      <FilterBar {...content} />
      {Object.keys(view.typed).length > 0 && <Chips {...content} />}
      {view.faults.length > 0 && <NotUnderstood faults={view.faults} url={content.url} />}
    </>
  );
}

/** The lower part of the page: the invocations that were found. */
export function InvocationsFound(content: InvocationsFoundContent) {
  const { view, items, byStatus, nextCursor, isFirstPage, sort, columns, unsearchable } = content;
  return (
    <>
      {unsearchable > 0 && (
        <p class="note">
          {unsearchable === 1 ? '1 output is' : `${count(unsearchable)} outputs are`} not searched in full yet: the pass
          that is running, or the next one, will do that. Until then matches in their text may be missing here.
        </p>
      )}
      {byStatus && byStatus.length > 0 && <Counts {...content} byStatus={byStatus} />}
      {byStatus && byStatus.length > 0 && <WholeFrom day={content.countedFrom} what="This count" />}
      {!byStatus && (
        <p class="quiet">Counting all of these takes longer than this page may take; the rows below are exact.</p>
      )}
      <CoveredLine covered={content.covered} />
      {items.length === 0 ? <NothingFound {...content} /> : <InvocationTable items={items} columns={columns} />}
      <p class="bar screen-only">
        {!isFirstPage && <a href={pathTo(content, {})}>First page</a>}
        {nextCursor !== undefined && (
          <a rel="next" href={pathTo(content, { cursor: nextCursor })}>
            Next page
          </a>
        )}
      </p>
      {items.length > 0 && <Downloads view={view} sort={sort} />}
    </>
  );
}

/** The path of the view with some fields changed, but the same sort order and columns. */
function pathTo({ view, sort, columns }: Asked, changes: ViewChanges): string {
  return pathOfView(
    view.typed,
    { sort: sort === '-requestedAt' ? undefined : sort, ...changes },
    columns === USUAL_COLUMNS ? [] : columns,
  );
}

function FilterBar({ view, sort, columns, known }: InvocationsHead) {
  return (
    <search>
      <form class="filters" method="get" action="/invocations" aria-label="Narrow the invocations">
        <FilterFields view={view} known={known} />
        <label>
          Order
          <select name="sort">
            {SORTS.map(([value, text]) => (
              <option value={value} selected={value === sort}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button class="main" type="submit">
          Find
        </button>
        <MoreFilters view={view} />
        <details class="choose">
          <summary>Columns</summary>
          <div class="choices">
            {COLUMN_NAMES.map((name) => (
              <label class="choice">
                <input type="checkbox" name="column" value={name} checked={columns.includes(name)} />{' '}
                {COLUMNS[name].name}
              </label>
            ))}
          </div>
        </details>
      </form>
    </search>
  );
}

const SORTS = [
  ['-requestedAt', 'Newest request first'],
  ['requestedAt', 'Oldest request first'],
  ['-changedAt', 'Last changed first'],
  ['changedAt', 'First changed first'],
] as const;

function Chips(asked: Asked) {
  const { view } = asked;
  return (
    <ul class="chips" aria-label="Active filters">
      {FILTER_NAMES.flatMap((name) => {
        const value = view.typed[name];
        if (value === undefined) return [];
        return [
          <li>
            <a
              href={pathTo(asked, { [name]: undefined })}
              aria-label={`Remove ${FILTERS[name].label} ${visibleText(value)}`}
            >
              {FILTERS[name].label}: <Text of={value} /> ✕
            </a>
          </li>,
        ];
      })}
      <li>
        <a href="/invocations">Remove all</a>
      </li>
    </ul>
  );
}

function Counts(asked: Asked & { byStatus: readonly { status: string; count: number }[] }) {
  const { byStatus } = asked;
  const total = byStatus.reduce((sum, one) => sum + one.count, 0);
  return (
    <p class="bar">
      <strong>{count(total)}</strong>
      {byStatus.map(({ status, count: n }) => (
        <a
          class={`status status-${kindOfStatus(status)}`}
          // No address can ask for rows without a Status.
          href={isNamed(status) ? pathTo(asked, { status }) : undefined}
          title={titleOfStatus(status)}
        >
          <Text of={status} /> {count(n)}
        </a>
      ))}
      <a class="quiet screen-only" href="/glossary#statuses">
        What they mean
      </a>
    </p>
  );
}

function NothingFound({ view, unseen, ambiguous, url, covered: { coverage } }: InvocationsFoundContent) {
  if (Object.keys(view.typed).length > 0)
    return (
      <>
        <NeverSeen unseen={unseen} ambiguous={ambiguous} pathOf={(filter, value) => pathWith(url, filter, value)} />
        <p class="note">
          Nothing in the archive matches all of these filters. Remove one above. The line above says what was collected.
        </p>
      </>
    );
  return (
    <p class="note">
      {coverage && coverage.state !== 'notCollected' ? (
        'No invocation was requested in the time that has been collected so far.'
      ) : (
        <>
          The archive has no invocations yet. Run <code>ssm-archive ingest</code>, or try it without an AWS account:{' '}
          <code>ssm-archive demo</code>.
        </>
      )}
    </p>
  );
}
