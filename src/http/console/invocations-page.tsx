import type { InvocationView } from '../../archive/invocation-view.ts';
import { visibleText } from '../../lib/visible-text.ts';
import { InvocationTable } from './invocation-table.tsx';
import { FIELDS, type Field, fieldNames, pathOfView, type View } from './read-view.ts';
import { count, kindOfStatus, Text } from './values.tsx';

export interface InvocationsContent {
  view: View;
  sort: string;
  items: readonly InvocationView[];
  /** How many there are by Status; undefined where counting takes too long. */
  byStatus: readonly { status: string; count: number }[] | undefined;
  nextCursor: string | undefined;
  isFirstPage: boolean;
  /** Suggestions for fields, from the archive. */
  known: Partial<Record<Field, readonly string[]>>;
}

const TYPES: Partial<Record<Field, string>> = { q: 'search' };
const HINTS: Partial<Record<Field, string>> = {
  from: '2026-03-01',
  to: '2026-04-01',
  q: '"no space left" OR nospc*',
  status: 'Failed, TimedOut',
};

/** `/invocations`: what ran, by what it is narrowed to. */
export function InvocationsPage(content: InvocationsContent) {
  const { view, items, byStatus, nextCursor, isFirstPage, sort } = content;
  return (
    <>
      <h1>Invocations</h1>
      <FilterBar {...content} />
      {Object.keys(view.typed).length > 0 && <Chips view={view} />}
      {byStatus && byStatus.length > 0 && <Counts view={view} byStatus={byStatus} />}
      {!byStatus && (
        <p class="quiet">Counting all of these takes longer than this page may; the rows below are exact.</p>
      )}
      {items.length === 0 ? <NothingFound view={view} /> : <InvocationTable items={items} />}
      <p class="bar">
        {!isFirstPage && <a href={pathOfView(view.typed, { sort: sortOf(sort) })}>First page</a>}
        {nextCursor !== undefined && (
          <a rel="next" href={pathOfView(view.typed, { sort: sortOf(sort), cursor: nextCursor })}>
            Next page
          </a>
        )}
        {items.length > 0 && <Downloads view={view} sort={sort} />}
      </p>
    </>
  );
}

function sortOf(sort: string): string | undefined {
  return sort === '-requestedAt' ? undefined : sort;
}

function FilterBar({ view, sort, known }: InvocationsContent) {
  return (
    <search>
      <form class="filters" method="get" action="/invocations" aria-label="Narrow the invocations">
        {fieldNames().map((name) => {
          const fault = view.faults[name];
          const list = known[name];
          return (
            <label>
              {FIELDS[name]}
              <input
                name={name}
                type={TYPES[name] ?? 'text'}
                value={view.typed[name] ?? ''}
                placeholder={HINTS[name]}
                list={list && `known-${name}`}
                aria-invalid={fault === undefined ? undefined : 'true'}
                aria-describedby={fault === undefined ? undefined : `fault-${name}`}
                autocomplete="off"
                spellcheck={false}
              />
              {fault !== undefined && <span id={`fault-${name}`}>{fault}</span>}
              {list && (
                <datalist id={`known-${name}`}>
                  {list.map((value) => (
                    <option value={value} />
                  ))}
                </datalist>
              )}
            </label>
          );
        })}
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
      </form>
    </search>
  );
}

const SORTS = [
  ['-requestedAt', 'Newest request first'],
  ['requestedAt', 'Oldest request first'],
  ['-changedAt', 'Last changed first'],
] as const;

function Chips({ view }: { view: View }) {
  return (
    <ul class="chips" aria-label="What they are narrowed to">
      {fieldNames().flatMap((name) => {
        const value = view.typed[name];
        if (value === undefined) return [];
        return [
          <li>
            <a
              href={pathOfView(view.typed, { [name]: undefined })}
              aria-label={`Remove ${FIELDS[name]} ${visibleText(value)}`}
            >
              {FIELDS[name]}: <Text of={value} /> ✕
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

function Counts({ view, byStatus }: { view: View; byStatus: readonly { status: string; count: number }[] }) {
  const total = byStatus.reduce((sum, one) => sum + one.count, 0);
  return (
    <p class="bar">
      <strong>{count(total)}</strong>
      {byStatus.map(({ status, count: n }) => (
        <a class={`status status-${kindOfStatus(status)}`} href={pathOfView(view.typed, { status })}>
          <Text of={status} /> {count(n)}
        </a>
      ))}
    </p>
  );
}

function NothingFound({ view }: { view: View }) {
  return (
    <p class="note">
      {Object.keys(view.typed).length === 0 ? (
        <>
          The archive has no invocations yet. Run <code>ssm-archive ingest</code>, or try it without an AWS account:{' '}
          <code>ssm-archive demo</code>.
        </>
      ) : (
        <>
          Nothing in the archive is all of this. Remove a filter above, or see in <a href="/coverage">Coverage</a>{' '}
          whether the span was collected.
        </>
      )}
    </p>
  );
}

/** The names that the API has for the fields. */
const API_NAMES: Record<Field, string> = {
  ...{ account: 'account', region: 'region', document: 'documentName', instance: 'instanceId', command: 'commandId' },
  ...{ status: 'status', from: 'requestedAfter', to: 'requestedBefore', q: 'q' },
};

function Downloads({ view, sort }: { view: View; sort: string }) {
  const query = new URLSearchParams({ sort });
  for (const name of fieldNames()) {
    const value = view.typed[name];
    if (value !== undefined && view.faults[name] === undefined) query.set(API_NAMES[name], value);
  }
  return (
    <>
      <span class="quiet">All of these as</span>
      <a href={`/v1/invocations?${query}&include=plugins&format=csv`}>CSV</a>
      <a href={`/v1/invocations?${query}&include=plugins&format=ndjson`}>NDJSON</a>
      <a href={`/v1/invocations?${query}`}>JSON</a>
    </>
  );
}
