import type { Database } from 'better-sqlite3';
import { withPastTables } from '../../invocations/as-of.ts';
import type { InvocationView } from '../../invocations/invocation-view.ts';
import { type ListingQuery, orderOf, type Position, readPlaced } from '../../invocations/list-invocations.ts';
import type { SealedDays, SealedOrder, SealedPart } from '../../sealed/sealed-days.ts';
import type { Placed } from './merge-placed.ts';
import { walkBoth } from './walk-both.ts';

/** Yields all invocations that a query finds, of the archive and of sealed days, in the order of the list. */
export function walkInvocations(
  sqlite: Database,
  query: ListingQuery,
  sealed: SealedDays,
  { isOnePage, isWhole }: { isOnePage: boolean; isWhole?: boolean },
): AsyncGenerator<Placed<InvocationView, Position>> {
  const { filter, asOf, after, limit } = query;
  return walkBoth<InvocationView, Position>(
    sqlite,
    {
      order: orderOf(query),
      search: { filter, asOf, order: sealedOrderOf(query), parts: partsOf(query) },
      read: (connection, from, most) => readSome(connection, { ...query, after: from, limit: most }),
      idOf: ({ position: [, id] }) => id,
      ...{ after, limit, isOnePage, isWhole },
    },
    sealed,
  );
}

function readSome(sqlite: Database, query: ListingQuery) {
  const { asOf } = query;
  const { rows, next } =
    asOf === undefined
      ? readPlaced(sqlite, query)
      : withPastTables(sqlite, (past) => {
          past.addAsOf(asOf);
          return readPlaced(sqlite, query, past);
        });
  return { rows: rows.map(({ item, position }) => ({ row: item, position })), next };
}

function sealedOrderOf({ sort, isDescending }: ListingQuery): SealedOrder[] {
  return [
    { column: sort === 'requestedAt' ? 'requested_at' : 'changed_at', isDescending },
    { column: 'id', isDescending },
  ];
}

/** What the list reads of an invocation besides its row. */
function partsOf({ filter: { q, pluginName, responseCode }, include }: ListingQuery): SealedPart[] {
  if (q !== undefined) return ['plugins', 'full_outputs'];
  const isOfSteps = pluginName !== undefined || responseCode !== undefined || include !== 'none';
  return isOfSteps ? ['plugins'] : [];
}
