import type { Database } from 'better-sqlite3';
import { comparePlaces, type KeyOrder, type KeyPlace, orderBySql, phasesBeyond } from '../lib/keyset.ts';
import { type Condition, joined } from './condition.ts';
import { prepareOnce } from './prepare-once.ts';

/** One way to find rows of a list: the columns to read, the table with its index, and the conditions. */
export interface KeysetStream {
  select: string;
  from: string;
  conditions: readonly Condition[];
}

export interface KeysetQuery<Row, Place extends KeyPlace> {
  order: KeyOrder;
  /** Each stream yields rows in the order. A row that several streams find is returned once. */
  streams: readonly KeysetStream[];
  placeOf(row: Row): Place;
  /** The place where the previous page ended. */
  after: Place | undefined;
  limit: number;
}

/** A page of rows, and the place where it ended; `next` is undefined if nothing follows. */
export interface KeysetPage<Row, Place> {
  rows: Row[];
  next: Place | undefined;
}

/**
 * THE way to page through a list. Returns a page of the rows that the streams find together, in their order. The cost
 * depends on the page and the number of streams, not on how deep the page is. Rows that are added or removed between
 * pages neither move nor hide other rows.
 */
export function readKeyset<Row, Place extends KeyPlace>(
  sqlite: Database,
  query: KeysetQuery<Row, Place>,
): KeysetPage<Row, Place> {
  const { streams, placeOf, limit } = query;
  const found = streams.map((stream) => rowsOf(sqlite, query, stream));
  const [only = []] = found;
  return cutPage(found.length > 1 ? merged(found, limit + 1, query) : only, limit, placeOf);
}

/** Returns a page from rows that were read in order, one more than the limit if there are more. */
export function cutPage<Row, Place>(
  found: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
): KeysetPage<Row, Place> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: last !== undefined && found.length > limit ? placeOf(last) : undefined };
}

function rowsOf<Row, Place extends KeyPlace>(
  sqlite: Database,
  { order, after, limit }: KeysetQuery<Row, Place>,
  { select, from, conditions }: KeysetStream,
): Row[] {
  const found: Row[] = [];
  const phases = after ? phasesBeyond(order, after).map((phase) => [phase]) : [[]];
  for (const phase of phases) {
    const left = limit + 1 - found.length;
    if (left <= 0) break;
    const { sql, params } = joined([...conditions, ...phase]);
    const rows = prepareOnce<unknown[], Row>(
      sqlite,
      `SELECT ${select} FROM ${from} WHERE ${sql} ORDER BY ${orderBySql(order)} LIMIT ?`,
    ).all(...params, left);
    for (const row of rows) found.push(row);
  }
  return found;
}

/** The position of a stream while it is merged with others. */
interface Head<Row, Place> {
  rows: readonly Row[];
  at: number;
  row: Row;
  place: Place;
}

/** Returns the first `most` rows of all streams in order; of equal rows one. */
function merged<Row, Place extends KeyPlace>(
  streams: readonly (readonly Row[])[],
  most: number,
  { order, placeOf }: KeysetQuery<Row, Place>,
): Row[] {
  const headAt = (rows: readonly Row[], at: number): Head<Row, Place> | undefined => {
    const row = rows[at];
    return row === undefined ? undefined : { rows, at, row, place: placeOf(row) };
  };
  let heads = streams.flatMap((rows) => headAt(rows, 0) ?? []);
  const found: Row[] = [];
  while (found.length < most) {
    const [first, ...others] = heads;
    if (!first) break;
    let next = first;
    for (const head of others) if (comparePlaces(order, head.place, next.place) < 0) next = head;
    found.push(next.row);
    const { place } = next;
    heads = heads.flatMap((head) =>
      comparePlaces(order, head.place, place) === 0 ? (headAt(head.rows, head.at + 1) ?? []) : [head],
    );
  }
  return found;
}
