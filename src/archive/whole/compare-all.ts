import type { Database } from 'better-sqlite3';
import { compareInvocations } from '../invocations/compare-invocations.ts';
import { findInvocation, getInvocation, type InvocationKey } from '../invocations/get-invocation.ts';
import { filterOfKey } from '../invocations/invocation-filter.ts';
import type { InvocationView } from '../invocations/invocation-view.ts';
import type { ListingQuery } from '../invocations/list-invocations.ts';
import { type ComparisonAnswer, type ComparisonQuery, readComparison } from '../invocations/read-comparison.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { connectionWith } from './connection-with.ts';
import { hasSealedDays, inSnapshot } from './in-snapshot.ts';
import { walkInvocations } from './walk/walk-invocations.ts';

interface Side {
  id: number;
  view: InvocationView;
}

/** Compares two invocations, each of the archive or of a sealed day. */
export async function compareAll(
  sqlite: Database,
  query: ComparisonQuery,
  sealed: SealedDays,
): Promise<ComparisonAnswer> {
  if (!hasSealedDays(sqlite)) return readComparison(sqlite, query);
  return inSnapshot(sqlite, async (): Promise<ComparisonAnswer> => {
    const left = await sideOf(sqlite, query.left, sealed);
    if (!left) return { missing: 'left' };
    const key = query.right === 'previous' ? await previousRun(sqlite, left, sealed) : query.right;
    const right = key && (await sideOf(sqlite, key, sealed));
    if (!key || !right) return { missing: 'right' };
    return { left: query.left, right: key, ...compareInvocations(left.view, right.view) };
  });
}

async function sideOf(sqlite: Database, key: InvocationKey, sealed: SealedDays): Promise<Side | undefined> {
  const from = await connectionWith(sqlite, key, sealed);
  const [row, view] = [findInvocation(from, key), getInvocation(from, key)];
  return row && view && { id: row.id, view };
}

const AT_ONCE = 20;

/** The last run of the same document on the same node before this one, as readComparison finds it. */
async function previousRun(
  sqlite: Database,
  { id, view }: Side,
  sealed: SealedDays,
): Promise<InvocationKey | undefined> {
  const { accountId, region, instanceId, documentName, requestedAt } = view;
  if (requestedAt === null) return undefined;
  const query: ListingQuery = {
    filter: { ...filterOfKey({ accountId, region, instanceId }), ...(documentName !== null && { documentName }) },
    ...{ sort: 'requestedAt', isDescending: true, after: [requestedAt, id], include: 'none', limit: AT_ONCE },
  };
  for await (const { row } of walkInvocations(sqlite, query, sealed, { isOnePage: false })) {
    if (row.requestedAt === null) return undefined;
    if (row.documentName === documentName) return { accountId, region, instanceId, commandId: row.commandId };
  }
  return undefined;
}
