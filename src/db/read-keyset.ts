import type { Database } from 'better-sqlite3';
import { comparePositions, type KeyOrder, type KeyPosition, orderBySql, phasesBeyond } from '../lib/keyset.ts';
import { type Condition, joined } from './condition.ts';
import { prepareOnce } from './prepare-once.ts';

/** One way to find rows of a list: the columns to read, the table with its index, and the conditions. */
export interface KeysetStream {
  select: string;
  from: string;
  conditions: readonly Condition[];
}

export interface KeysetQuery<Row, Position extends KeyPosition> {
  order: KeyOrder;
  /** Each stream yields its rows in this order. A row that several streams find is returned once. */
  streams: readonly KeysetStream[];
  positionOf(row: Row): Position;
  /** The place where the previous page ended. */
  after: Position | undefined;
  limit: number;
}

/** A page of rows, and the place where it ended; `next` is undefined if nothing follows. */
export interface KeysetPage<Row, Position> {
  rows: Row[];
  next: Position | undefined;
}

/**
 * Returns a page of the rows of all streams, in order. All lists of rows are paged in this way, except managed nodes,
 * whose rows are made from an index node by node, and the access log, which stops after some rows. The cost depends on
 * the page and the number of streams, not on how deep the page is. Rows that are added or removed between pages neither
 * move nor hide other rows.
 */
export function readKeyset<Row, Position extends KeyPosition>(
  sqlite: Database,
  query: KeysetQuery<Row, Position>,
): KeysetPage<Row, Position> {
  const { streams, positionOf, limit } = query;
  const found = streams.map((stream) => rowsOf(sqlite, query, stream));
  const [only = []] = found;
  return cutPage(found.length > 1 ? merged(found, limit + 1, query) : only, limit, positionOf);
}

/** Returns a page from rows that were read in order. `found` has one row more than the limit if a next page exists. */
export function cutPage<Row, Position>(
  found: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): KeysetPage<Row, Position> {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: last !== undefined && found.length > limit ? positionOf(last) : undefined };
}

function rowsOf<Row, Position extends KeyPosition>(
  sqlite: Database,
  { order, after, limit }: KeysetQuery<Row, Position>,
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
interface Head<Row, Position> {
  rows: readonly Row[];
  at: number;
  row: Row;
  position: Position;
}

/** Returns the first `most` rows of all streams, in order and without repetitions. */
function merged<Row, Position extends KeyPosition>(
  streams: readonly (readonly Row[])[],
  most: number,
  { order, positionOf }: KeysetQuery<Row, Position>,
): Row[] {
  const headAt = (rows: readonly Row[], at: number): Head<Row, Position> | undefined => {
    const row = rows[at];
    return row === undefined ? undefined : { rows, at, row, position: positionOf(row) };
  };
  let heads = streams.flatMap((rows) => headAt(rows, 0) ?? []);
  const found: Row[] = [];
  while (found.length < most) {
    const [first, ...others] = heads;
    if (!first) break;
    let next = first;
    for (const head of others) if (comparePositions(order, head.position, next.position) < 0) next = head;
    found.push(next.row);
    const { position } = next;
    heads = heads.flatMap((head) =>
      comparePositions(order, head.position, position) === 0 ? (headAt(head.rows, head.at + 1) ?? []) : [head],
    );
  }
  return found;
}
