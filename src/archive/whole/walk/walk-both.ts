import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import type { KeysetPage } from '../../../db/read-keyset.ts';
import { comparePositions, type KeyOrder, type KeyPosition } from '../../../lib/keyset.ts';
import type { SealedDays, SealedSearch } from '../../sealed/sealed-days.ts';
import { mergePlaced, type Placed, type SealedRows } from './merge-placed.ts';

/** A list of invocations, as it is read from one connection. */
export interface BothQuery<Row, Position extends KeyPosition> {
  order: KeyOrder;
  /** What sealed days are asked for: the same order, and everything that `read` reads. */
  search: Pick<SealedSearch, 'filter' | 'order' | 'asOf' | 'parts'>;
  /** Reads the rows after a place. */
  read(sqlite: Database, after: Position | undefined, limit: number): KeysetPage<Placed<Row, Position>, Position>;
  idOf(placed: Placed<Row, Position>): number;
  after: Position | undefined;
  /** How many rows are read at once. */
  limit: number;
  /** Whether no more rows are needed than `limit`. */
  isOnePage: boolean;
  /** Whether the caller reads to the end. */
  isWhole?: boolean | undefined;
}

/**
 * Yields the invocations that a list finds, those of the archive and those of sealed days, in its order. If an invocation
 * is in both, the archive's own is the newer one. Call it in a transaction, so that the archive stays as it is.
 */
export async function* walkBoth<Row, Position extends KeyPosition>(
  sqlite: Database,
  query: BothQuery<Row, Position>,
  sealed: SealedDays,
): AsyncGenerator<Placed<Row, Position>> {
  const { order, limit, after, read, isOnePage } = query;
  const first = read(sqlite, after, limit);
  // If the archive's own rows fill the page, sealed days that begin after its end are not opened.
  const until = isOnePage ? first.rows[limit - 1]?.position : undefined;
  yield* mergePlaced(order, ownRows(sqlite, query, first), sealedRows(sqlite, query, sealed, until));
}

function* ownRows<Row, Position extends KeyPosition>(
  sqlite: Database,
  { read, limit, isOnePage }: BothQuery<Row, Position>,
  first: KeysetPage<Placed<Row, Position>, Position>,
): Generator<Placed<Row, Position>> {
  let page = first;
  for (;;) {
    yield* page.rows;
    if (page.next === undefined || isOnePage) return;
    page = read(sqlite, page.next, limit);
  }
}

async function* sealedRows<Row, Position extends KeyPosition>(
  sqlite: Database,
  { order, search, read, idOf, after, limit, isWhole }: BothQuery<Row, Position>,
  sealed: SealedDays,
  until: Position | undefined,
): AsyncGenerator<SealedRows<Row, Position>> {
  const isHot = prepareOnce<[number], unknown>(sqlite, 'SELECT 1 FROM main.invocations WHERE id = ?');
  let at = after;
  for await (const batch of sealed.walk(sqlite, { ...search, after, until, atOnce: limit, isWhole })) {
    for (;;) {
      const { rows, next } = read(batch.sqlite, at, limit);
      const within = rows.filter(({ position }) => batch.covers(position));
      const last = within.at(-1)?.position;
      const isEnd = next === undefined || within.length < rows.length;
      yield {
        rows: within.filter((placed) => isHot.get(idOf(placed)) === undefined),
        covers: isEnd || !last ? batch.covers : (position) => comparePositions(order, position, last) <= 0,
      };
      at = last ?? at;
      if (isEnd) break;
    }
  }
}
