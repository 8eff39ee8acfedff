import type { Database } from 'better-sqlite3';
import { cutPage } from '../../db/read-keyset.ts';
import type { InvocationView } from '../invocations/invocation-view.ts';
import {
  type InvocationPage,
  type ListingQuery,
  listInvocations,
  type Position,
} from '../invocations/list-invocations.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';
import type { Placed } from './walk/merge-placed.ts';
import { walkInvocations } from './walk/walk-invocations.ts';

/** A page of invocations, of the archive and of sealed days. */
export async function listAllInvocations(
  sqlite: Database,
  query: ListingQuery,
  sealed: SealedDays,
): Promise<InvocationPage> {
  if (!hasSealedDays(sqlite)) return listInvocations(sqlite, query);
  const { limit } = query;
  return inSnapshot(sqlite, async () => {
    const found: Placed<InvocationView, Position>[] = [];
    const walked = walkInvocations(sqlite, { ...query, limit: limit + 1 }, sealed, { isOnePage: true });
    for await (const placed of walked) if (found.push(placed) > limit) break;
    const { rows, next } = cutPage(found, limit, ({ position }) => position);
    return { items: rows.map(({ row }) => row), next };
  });
}
