import type { Database } from 'better-sqlite3';
import type { Condition } from '../../db/condition.ts';
import { type KeysetPage, type KeysetStream, readKeyset } from '../../db/read-keyset.ts';
import type { KeyOrder } from '../../lib/keyset.ts';
import type { InvocationFilter } from '../../questions/filters.ts';
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

/**
 * Where a page ended: the value by which its last row is sorted, and that row's id, because several rows may have the
 * same value.
 */
export type Position = readonly [value: string | null, id: number];

export interface ListingQuery {
  filter: InvocationFilter;
  sort: SortMember;
  isDescending: boolean;
  limit: number;
  /** The last row of the previous page. */
  after?: Position | undefined;
  /** ISO time. The listing shows the states that the archive knew at that time. */
  asOf?: string | undefined;
  include: Include;
}

export interface InvocationPage {
  items: InvocationView[];
  /** Where the next page begins, if there is one. */
  next: Position | undefined;
}

interface Found {
  id: number;
  value: string | null;
  /** Whether the invocation's state at `asOf` differs from its present state. */
  isPast: 0 | 1;
}

/** A page of invocations. The cost depends on the size of the page, not on the number of pages before it. */
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

/**
 * A page, read within the caller's transaction. `past` holds the invocations whose state at `asOf` differs from the
 * present one.
 */
export function readPage(sqlite: Database, query: ListingQuery, past?: InvocationTables): InvocationPage {
  const { rows, next } = readPlaced(sqlite, query, past);
  return { items: rows.map(({ item }) => item), next };
}

/** An invocation with its place in the order of its list. */
export interface PlacedInvocation {
  item: InvocationView;
  position: Position;
}

/** Like readPage, but each invocation has its place, so that rows of two archives can be put into one order. */
export function readPlaced(
  sqlite: Database,
  query: ListingQuery,
  past?: InvocationTables,
): KeysetPage<PlacedInvocation, Position> {
  if (!past || query.asOf === undefined) {
    const streams = streamsNow(sqlite, query);
    const [only] = streams;
    if (only && streams.length === 1) return straightPage(sqlite, query, only);
    return mergedPage(sqlite, query, foundIn(query, streams, PRESENT), PRESENT);
  }
  const unchanged = streamsUnchangedSince(sqlite, query, query.asOf);
  const conditions = [...conditionsOf(query.filter, past).values()];
  const changed = [{ from: `${past.invocations} i`, conditions }];
  const streams = [...foundIn(query, unchanged, PRESENT), ...foundIn(query, changed, past)];
  return mergedPage(sqlite, query, streams, past);
}

function streamsNow(sqlite: Database, { filter, sort }: ListingQuery): readonly Stream[] {
  return planListing(sqlite, filter, sort);
}

/**
 * Streams of the invocations that have the same state now as at `asOf`. Nearly all of them were requested at `asOf` or
 * earlier. The few with a request time later than their first sight have an index of their own, so a listing of last
 * year does not scan all of this year.
 */
function streamsUnchangedSince(sqlite: Database, query: ListingQuery, asOf: string): Stream[] {
  // If this machine's clock was set back, an invocation's last change can have an earlier time than its first sight.
  const unchanged: Condition = { sql: 'i.changed_at <= ? AND i.first_seen_at <= ?', params: [asOf, asOf] };
  if (query.sort === 'changedAt') {
    return streamsNow(sqlite, query).map((stream) => ({ ...stream, conditions: [...stream.conditions, unchanged] }));
  }
  const ahead = {
    from: 'invocations i INDEXED BY invocations_ahead',
    conditions: [
      { sql: 'i.requested_at > i.first_seen_at AND i.requested_at > ?', params: [asOf] },
      unchanged,
      ...conditionsOf(query.filter, PRESENT).values(),
    ],
  };
  // Without the +, SQLite would search the index twice and sort all found rows for each page.
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

/** If one stream has the whole page in its order, its rows are returned as they are read. */
function straightPage(sqlite: Database, query: ListingQuery, stream: Stream): KeysetPage<PlacedInvocation, Position> {
  const { rows, next } = readKeyset<InvocationRow & { id: number }, Position>(sqlite, {
    ...{ order: orderOf(query), after: query.after, limit: query.limit },
    streams: [{ ...stream, select: `${INVOCATION_COLUMNS}, i.id` }],
    positionOf: (row) => [row[query.sort], row.id],
  });
  const complete = createInvocationCompleter(sqlite, PRESENT, query.include);
  return {
    rows: rows.map(({ id, ...row }) => ({ position: [row[query.sort], id], item: complete(id, row) })),
    next,
  };
}

function mergedPage(
  sqlite: Database,
  query: ListingQuery,
  streams: readonly KeysetStream[],
  past: InvocationTables,
): KeysetPage<PlacedInvocation, Position> {
  const { rows, next } = readKeyset<Found, Position>(sqlite, {
    ...{ order: orderOf(query), after: query.after, limit: query.limit, streams },
    positionOf: ({ value, id }) => [value, id],
  });
  const readPresent = createInvocationReader(sqlite, PRESENT, query.include);
  const readPast = past === PRESENT ? readPresent : createInvocationReader(sqlite, past, query.include);
  return {
    rows: rows.map(({ id, value, isPast }) => ({
      position: [value, id],
      item: isPast === 1 ? readPast(id) : readPresent(id),
    })),
    next,
  };
}

/** The streams, each with columns for a row's place in the order and for the tables that have the row's members. */
function foundIn(query: ListingQuery, streams: readonly Stream[], tables: InvocationTables): KeysetStream[] {
  const isPast = tables === PRESENT ? 0 : 1;
  const select = `i.id, ${columnOf(query)} AS value, ${isPast} AS isPast`;
  return streams.map((stream) => ({ ...stream, select }));
}

/**
 * The order of a listing: sorted by one of the invocations' times. Invocations with equal times are in the order in
 * which they were first seen.
 */
export function orderOf({ sort, isDescending }: Pick<ListingQuery, 'sort' | 'isDescending'>): KeyOrder {
  const canBeNull = sort === 'requestedAt';
  return [
    { sql: columnOf({ sort }), isDescending, canBeNull },
    { sql: 'i.id', isDescending },
  ];
}

function columnOf({ sort }: Pick<ListingQuery, 'sort'>): string {
  return sort === 'requestedAt' ? 'i.requested_at' : 'i.changed_at';
}
