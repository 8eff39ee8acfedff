import type { Database } from 'better-sqlite3';
import { type Condition, joined } from '../db/condition.ts';
import { prepareOnce } from '../db/prepare-once.ts';
import type { InvocationFilter } from '../questions/filters.ts';
import { withPastTables } from './as-of.ts';
import { conditionsOf, type InvocationTables, PRESENT } from './invocation-filter.ts';
import {
  createInvocationCompleter,
  createInvocationReader,
  INVOCATION_COLUMNS,
  type Include,
  type InvocationRow,
  type InvocationView,
} from './invocation-view.ts';
import { planListing, type SortMember, type Stream } from './plan-listing.ts';

/** Where a page ended: the value that it is sorted by, and the row's id among equals. */
export type Position = readonly [value: string | null, id: number];

export interface ListingQuery {
  filter: InvocationFilter;
  sort: SortMember;
  isDescending: boolean;
  limit: number;
  /** The last row of the page before. */
  after?: Position | undefined;
  /** ISO time: the states that the archive knew then. */
  asOf?: string | undefined;
  include: Include;
}

export interface InvocationPage {
  items: InvocationView[];
  /** Where the next page begins, where there is one. */
  next: Position | undefined;
}

interface Found {
  id: number;
  value: string | null;
  tables: InvocationTables;
}

/** A page of invocations. Cost depends on the page, not on how deep it lies. */
export function listInvocations(sqlite: Database, query: ListingQuery): InvocationPage {
  return sqlite.transaction(() => {
    if (query.asOf === undefined) return readPage(sqlite, query);
    const { asOf } = query;
    return withPastTables(sqlite, (past) => {
      past.addAsOf(asOf);
      return readPage(sqlite, query, past);
    });
  })();
}

/** A page within a transaction; `past` holds what stood otherwise at `asOf`. */
export function readPage(sqlite: Database, query: ListingQuery, past?: InvocationTables): InvocationPage {
  if (!past || query.asOf === undefined) {
    const streams = streamsNow(sqlite, query);
    const [only] = streams;
    if (only && streams.length === 1) return straightPage(sqlite, query, only);
    return page(sqlite, query, find(sqlite, query, PRESENT, streams));
  }
  const unchanged = find(sqlite, query, PRESENT, streamsUnchangedSince(sqlite, query, query.asOf));
  const conditions = [...conditionsOf(query.filter, past).values()];
  const changed = find(sqlite, query, past, [{ from: `${past.invocations} i`, conditions }]);
  return page(sqlite, query, [...unchanged, ...changed]);
}

function streamsNow(sqlite: Database, { filter, sort }: ListingQuery): readonly Stream[] {
  return planListing(sqlite, filter, sort);
}

/**
 * What has not changed since stands as it stood then. None of it was requested later, but for what was requested later
 * than it was first seen: those few have an index, so that a listing of last year need not pass all of this one.
 */
function streamsUnchangedSince(sqlite: Database, query: ListingQuery, asOf: string): Stream[] {
  // Where this machine's clock was set back, a change bears an earlier time than the first sight of its row.
  const unchanged: Condition = { sql: 'i.changed_at <= ? AND i.first_seen_at <= ?', params: [asOf, asOf] };
  if (query.sort === 'changedAt') {
    return streamsNow(sqlite, query).map((stream) => ({ ...stream, conditions: [...stream.conditions, unchanged] }));
  }
  const ahead = {
    from: 'main.invocations i INDEXED BY invocations_ahead',
    conditions: [
      { sql: 'i.requested_at > i.first_seen_at AND i.requested_at > ?', params: [asOf] },
      unchanged,
      ...conditionsOf(query.filter, PRESENT).values(),
    ],
  };
  // By the + it is no two searches of an index, whose rows would all have to be sorted for one page.
  const untilThen = { sql: '(+i.requested_at IS NULL OR +i.requested_at <= ?)', params: [asOf] };
  const byTime = streamsNow(sqlite, query).flatMap(({ from, conditions }) =>
    query.isDescending && !query.after
      ? [
          { from, conditions: [...conditions, unchanged, { sql: 'i.requested_at <= ?', params: [asOf] }] },
          { from, conditions: [...conditions, unchanged, { sql: 'i.requested_at IS NULL', params: [] }] },
        ]
      : [{ from, conditions: [...conditions, unchanged, untilThen] }],
  );
  return [...byTime, ahead];
}

/** Where one stream has the whole page in its order, its rows are read as they are found. */
function straightPage(sqlite: Database, query: ListingQuery, stream: Stream): InvocationPage {
  const rows = rowsOf<InvocationRow & { id: number }>(sqlite, query, stream, `${INVOCATION_COLUMNS}, i.id`);
  const complete = createInvocationCompleter(sqlite, PRESENT, query.include);
  const items = rows.slice(0, query.limit).map(({ id, ...row }) => complete(id, row));
  const last = rows[query.limit - 1];
  return { items, next: last && rows.length > query.limit ? [last[query.sort], last.id] : undefined };
}

function find(sqlite: Database, query: ListingQuery, tables: InvocationTables, streams: readonly Stream[]): Found[] {
  const selected = `i.id, ${columnOf(query)} AS value`;
  return streams.flatMap((stream) =>
    rowsOf<{ id: number; value: string | null }>(sqlite, query, stream, selected).map((row) => ({ ...row, tables })),
  );
}

/** A page's rows of one stream in order, and one more where there are more. */
function rowsOf<Row>(sqlite: Database, query: ListingQuery, { from, conditions }: Stream, selected: string): Row[] {
  const column = columnOf(query);
  const way = query.isDescending ? 'DESC' : 'ASC';
  const found: Row[] = [];
  for (const phase of phasesAfter(query, column)) {
    const left = query.limit + 1 - found.length;
    if (left <= 0) break;
    const { sql, params } = joined([...conditions, ...phase]);
    const rows = prepareOnce<unknown[], Row>(
      sqlite,
      `SELECT ${selected} FROM ${from} WHERE ${sql} ORDER BY ${column} ${way}, i.id ${way} LIMIT ?`,
    ).all(...params, left);
    for (const row of rows) found.push(row);
  }
  return found;
}

function columnOf({ sort }: ListingQuery): string {
  return sort === 'requestedAt' ? 'i.requested_at' : 'i.changed_at';
}

/**
 * What lies beyond a position, in parts that an index is sought by. SQLite compares a row value by its index's first
 * column alone, and would pass all rows of one time to find the next; and NULL, first in its order, no comparison finds.
 */
function phasesAfter({ after, sort, isDescending }: ListingQuery, column: string): Condition[][] {
  if (!after) return [[]];
  const [value, id] = after;
  const beyond = isDescending ? '<' : '>';
  if (value === null) {
    const rest = { sql: `${column} IS NULL AND i.id ${beyond} ?`, params: [id] };
    return isDescending ? [[rest]] : [[rest], [{ sql: `${column} IS NOT NULL`, params: [] }]];
  }
  const equals = { sql: `${column} = ? AND i.id ${beyond} ?`, params: [value, id] };
  const rest = { sql: `${column} ${beyond} ?`, params: [value] };
  const hasNulls = isDescending && sort === 'requestedAt';
  return [[equals], [rest], ...(hasNulls ? [[{ sql: `${column} IS NULL`, params: [] }]] : [])];
}

function page(
  sqlite: Database,
  { limit, isDescending, include }: ListingQuery,
  found: readonly Found[],
): InvocationPage {
  const distinct = [...new Map(found.map((row) => [row.id, row])).values()].sort(
    (a, b) => comparePositions([a.value, a.id], [b.value, b.id]) * (isDescending ? -1 : 1),
  );
  const readers = new Map<InvocationTables, (id: number) => InvocationView>();
  const shown = distinct.slice(0, limit);
  const items = shown.map(({ id, tables }) => {
    let read = readers.get(tables);
    if (!read) {
      read = createInvocationReader(sqlite, tables, include);
      readers.set(tables, read);
    }
    return read(id);
  });
  const last = shown.at(-1);
  return { items, next: last && distinct.length > limit ? [last.value, last.id] : undefined };
}

/** SQLite's order: NULL before text, text by its bytes, which for these times is by their characters. */
function comparePositions([a, idA]: Position, [b, idB]: Position): number {
  if (a === b) return idA - idB;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
