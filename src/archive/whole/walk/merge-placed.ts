import { comparePositions, type KeyOrder, type KeyPosition } from '../../../lib/keyset.ts';

/** A row with its place in the order of a list. */
export interface Placed<Row, Position> {
  row: Row;
  position: Position;
}

/** Sealed rows in order, with the place up to which no other will come. */
export interface SealedRows<Row, Position> {
  rows: readonly Placed<Row, Position>[];
  covers(position: KeyPosition): boolean;
}

/**
 * Puts the archive's own rows and sealed rows into one order. It asks for more sealed rows only if one of them may come
 * before the archive's next row.
 */
export async function* mergePlaced<Row, Position extends KeyPosition>(
  order: KeyOrder,
  hot: Iterator<Placed<Row, Position>>,
  sealed: AsyncIterator<SealedRows<Row, Position>>,
): AsyncGenerator<Placed<Row, Position>> {
  let own = hot.next();
  let rows: readonly Placed<Row, Position>[] = [];
  let at = 0;
  let covers: SealedRows<Row, Position>['covers'] = () => false;
  let hasMore = true;
  for (;;) {
    while (at >= rows.length && hasMore && (own.done || !covers(own.value.position))) {
      const { value, done } = await sealed.next();
      if (done) {
        hasMore = false;
        break;
      }
      ({ rows, covers } = value);
      at = 0;
    }
    const cold = rows[at];
    if (cold && (own.done || comparePositions(order, cold.position, own.value.position) < 0)) {
      at += 1;
      yield cold;
    } else if (!own.done) {
      const { value } = own;
      own = hot.next();
      yield value;
    } else return;
  }
}
