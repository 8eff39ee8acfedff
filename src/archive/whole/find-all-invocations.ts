import type { Database } from 'better-sqlite3';
import { cutPage } from '../../db/read-keyset.ts';
import {
  type FoundInvocations,
  findInvocations,
  INVOCATION_ORDER,
  type InvocationPosition,
  type InvocationSearch,
  readFound,
  type StoredInvocation,
} from '../invocations/find-invocations.ts';
import type { SealedDays, SealedOrder } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';
import type { Placed } from './walk/merge-placed.ts';
import { walkBoth } from './walk/walk-both.ts';

const ORDER: readonly SealedOrder[] = [
  { column: 'requested_at', isDescending: true },
  { column: 'command_id', isDescending: false },
  { column: 'instance_id', isDescending: false },
];

type Found = StoredInvocation & { id: number };

/** A page of one account and region's invocations, of the archive and of sealed days, as findInvocations orders them. */
export async function findAllInvocations(
  sqlite: Database,
  search: InvocationSearch,
  sealed: SealedDays,
): Promise<FoundInvocations> {
  if (!hasSealedDays(sqlite)) return findInvocations(sqlite, search);
  const { accountId, region, commandId, instanceId, documentName, requestedAfter, requestedBefore, limit } = search;
  const [status] = search.statuses;
  return inSnapshot(sqlite, async () => {
    const walked = walkBoth<Found, InvocationPosition>(
      sqlite,
      {
        order: INVOCATION_ORDER,
        search: {
          filter: {
            ...{ account: accountId, region, commandId, instanceId, documentName, requestedAfter, requestedBefore },
            ...(status && { status }),
          },
          ...{ order: ORDER, parts: search.withPlugins ? ['plugins'] : [] },
        },
        read(connection, after, most) {
          const { rows, next } = readFound(connection, { ...search, after, limit: most });
          const placed = rows.map((row): Placed<Found, InvocationPosition> => {
            return { row, position: [row.requestedAt, row.commandId, row.instanceId] };
          });
          return { rows: placed, next };
        },
        idOf: ({ row }) => row.id,
        ...{ after: search.after, limit: limit + 1, isOnePage: true },
      },
      sealed,
    );
    const found: Placed<Found, InvocationPosition>[] = [];
    for await (const placed of walked) if (found.push(placed) > limit) break;
    const { rows, next } = cutPage(found, limit, ({ position }) => position);
    return { items: rows.map(({ row }) => row), next };
  });
}
