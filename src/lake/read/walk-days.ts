import type { Database } from 'better-sqlite3';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import type { SealedBatch, SealedSearch } from '../../archive/sealed/sealed-days.ts';
import { MOST_SEARCHED_DAYS, TooManySealedDays } from '../../archive/sealed/too-many-sealed-days.ts';
import { comparePositions, type KeyOrder, type KeyPosition } from '../../lib/keyset.ts';
import type { DayFiles } from '../files/day-files.ts';
import { createValueReader, type LakeRows, type RowsOfTable } from '../restore/lake-rows.ts';
import type { ColdTables } from './cold-tables.ts';
import { conditionsOf, keyOf, unchangingOf } from './conditions-of.ts';
import type { DayToWalk } from './days-to-walk.ts';
import { literal } from './from-files.ts';
import type { LakeSql } from './open-lake-sql.ts';
import { afterSql } from './order-sql.ts';
import { readOrdered } from './read-ordered.ts';
import { readParts } from './read-parts.ts';
import { type StreamOrder, streamDay, streamOrderOf } from './stream-day.ts';

/** The days of a search, and those with invocations that have changed since the past time for which it asks. */
export interface DaysOfSearch {
  days: readonly DayToWalk[];
  changed: readonly SealedDay[];
}

/** What is needed to read sealed days. */
export interface WalkTools {
  lake: LakeSql;
  cold: ColdTables;
  /** Finds the files of a day, of these tables. */
  openDay(day: SealedDay, tables: readonly string[]): Promise<DayFiles>;
  /** How many invocations of a day that is read as a whole are in memory at once; by default 10,000. */
  streamedAtOnce?: number | undefined;
}

/** How many days are opened at first for a node, which mostly runs something each day. */
const DAYS_OF_NODE = 32;
/** Later batches are larger, but not larger than this: they are in memory. */
const MOST_AT_ONCE = 10_000;
/** The states of invocations that changed since a past time are in each batch. */
const PAST_PARTS = ['plugins', 'revisions', 'earlier_outputs'] as const;

/**
 * Walks over the sealed days in the order of a search. It opens more days each time, so that a page of a list opens few
 * files, and a question that finds little does not open them one by one. A question for a node or a command begins with
 * many: bloom filters tell DuckDB which files have it.
 */
export async function* walkDays(
  tools: WalkTools,
  hot: Database,
  search: SealedSearch,
  found: DaysOfSearch,
): AsyncGenerator<SealedBatch> {
  const { lake, cold, openDay } = tools;
  const { days, changed } = found;
  if (search.filter.q !== undefined && days.length > MOST_SEARCHED_DAYS) throw new TooManySealedDays(days.length);
  const streamed = search.isWhole && search.asOf === undefined && !isSelective(search) && streamOrderOf(search.order);
  if (streamed) return yield* streamDays(tools, hot, search, { days, streamed });
  const isSearched = search.filter.q !== undefined;
  const tables = tablesOf(search);
  const past = await readPast(lake, hot, search, changed, openDay);
  const hasPast = past.some(({ invocations }) => (invocations?.rows.length ?? 0) > 0);
  const order = search.order.map(({ column, isDescending }) => ({ sql: column, isDescending }));
  let open: { day: DayToWalk; files: DayFiles }[] = [];
  let next = 0;
  let group = isSelective(search) ? DAYS_OF_NODE : 1;
  let place: Place = { after: search.after };
  let atOnce = search.atOnce;
  while (next < days.length || hasPast) {
    const more = days.slice(next, next + group).map(async (day) => ({ day, files: await openDay(day.sealed, tables) }));
    open.push(...(await Promise.all(more)));
    next += group;
    group *= 2;
    const edge = days[next]?.begin;
    for (;;) {
      const files = open.map((one) => one.files);
      const invocations = await readInvocations(lake, hot, search, files, { ...place, before: edge, atOnce });
      const isCut = invocations.rows.length === atOnce;
      const rows = await readParts(lake, {
        ...{ days: files, invocations, parts: search.parts, conditions: keyOf(search.filter) },
      });
      cold.fill([...past, rows], isSearched);
      const last = isCut ? positionOfLast(search, invocations) : undefined;
      yield { sqlite: cold.sqlite, covers: coverage(order, last, edge) };
      if (!isCut) break;
      place = { after: last };
      atOnce = Math.min(atOnce * 4, MOST_AT_ONCE);
    }
    if (edge === undefined) return;
    place = { from: edge };
    open = open.filter(({ day }) => !isPassed(search, day, edge));
  }
}

/** Walks over all rows of the days, and reads each file once. The days follow each other in the order of the search. */
async function* streamDays(
  { lake, cold, openDay, streamedAtOnce = MOST_AT_ONCE }: WalkTools,
  hot: Database,
  search: SealedSearch,
  { days, streamed }: { days: DaysOfSearch['days']; streamed: StreamOrder },
): AsyncGenerator<SealedBatch> {
  const order = search.order.map(({ column, isDescending }) => ({ sql: column, isDescending }));
  const { filter, parts, after } = search;
  for (const [n, { sealed }] of days.entries()) {
    const files = await openDay(sealed, tablesOf(search));
    const conditions = [...conditionsOf(hot, filter, [files]), ...(after ? [afterSql(search.order, after)] : [])];
    const batches = streamDay(lake, {
      ...{ files, conditions, key: keyOf(filter), parts, order: streamed, atOnce: streamedAtOnce },
    });
    for await (const rows of batches) {
      cold.fill([rows], filter.q !== undefined);
      const last = rows.invocations && positionOfLast(search, rows.invocations);
      yield { sqlite: cold.sqlite, covers: coverage(order, last, undefined) };
    }
    cold.fill([], false);
    yield { sqlite: cold.sqlite, covers: coverage(order, undefined, days[n + 1]?.begin) };
  }
}

/** Where the next batch begins: after a row, or with rows whose time is this one or comes after it. */
interface Place {
  after?: KeyPosition | undefined;
  from?: string | undefined;
}

function tablesOf({ filter: { pluginName, responseCode }, parts }: SealedSearch): string[] {
  const isOfStep = pluginName !== undefined || responseCode !== undefined;
  return [...new Set(['invocations', ...(isOfStep ? ['plugins'] : []), ...parts])];
}

function isSelective({ filter }: SealedSearch): boolean {
  return filter.instanceId !== undefined || filter.commandId !== undefined || filter.sender !== undefined;
}

function isDown({ order }: SealedSearch): boolean {
  return order[0]?.isDescending === true;
}

function isPassed(search: SealedSearch, { end }: DayToWalk, edge: string): boolean {
  return isDown(search) ? end > edge : end < edge;
}

function coverage(order: KeyOrder, last: KeyPosition | undefined, edge: string | undefined): SealedBatch['covers'] {
  if (last) return (position) => comparePositions(order, position, last) <= 0;
  if (edge === undefined) return () => true;
  const [time] = order;
  // Rows at the edge itself may be in a day that is not open yet.
  return ([value = null]) => comparePositions(time ? [time] : [], [value], [edge]) < 0;
}

function positionOfLast({ order }: SealedSearch, { columns, rows }: RowsOfTable): KeyPosition | undefined {
  const read = createValueReader(columns);
  const last = rows.at(-1);
  return last && order.map(({ column }) => read(last, column));
}

async function readInvocations(
  lake: LakeSql,
  hot: Database,
  search: SealedSearch,
  files: readonly DayFiles[],
  { after, from, before, atOnce }: Place & { before: string | undefined; atOnce: number },
): Promise<RowsOfTable> {
  const time = search.order[0]?.column ?? 'requested_at';
  const [past, least] = isDown(search) ? ['>', '<='] : ['<', '>='];
  const { asOf } = search;
  const conditions = [
    ...conditionsOf(hot, search.filter, files),
    ...(after ? [afterSql(search.order, after)] : []),
    ...(from === undefined ? [] : [`${time} ${least} ${literal(from)}`]),
    ...(before === undefined ? [] : [`${time} ${past} ${literal(before)}`]),
    ...(asOf === undefined ? [] : [`changed_at <= ${literal(asOf)} AND first_seen_at <= ${literal(asOf)}`]),
  ];
  return readOrdered(lake, { files, conditions, order: search.order, key: keyOf(search.filter), limit: atOnce });
}

/**
 * Reads the invocations whose state at the past time is not their last one, with all of their states. They are few: those
 * that the archive had seen by then, and that changed after it. In their past state they may have another place in the
 * order, and match other filters.
 */
async function readPast(
  lake: LakeSql,
  hot: Database,
  { filter, asOf, parts }: SealedSearch,
  changed: readonly SealedDay[],
  openDay: WalkTools['openDay'],
): Promise<LakeRows[]> {
  if (asOf === undefined) return [];
  const needed = [...new Set([...PAST_PARTS, ...parts])];
  const files = await Promise.all(changed.map((sealed) => openDay(sealed, ['invocations', ...needed])));
  const where = [`first_seen_at <= ${literal(asOf)}`, `changed_at > ${literal(asOf)}`, ...unchangingOf(hot, filter)];
  const invocations = await readOrdered(lake, { files, conditions: where, order: [], key: keyOf(filter) });
  return [await readParts(lake, { days: files, invocations, parts: needed, conditions: keyOf(filter) })];
}
