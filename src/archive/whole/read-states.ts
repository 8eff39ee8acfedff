import type { Database } from 'better-sqlite3';
import type { InvocationKey } from '../invocations/get-invocation.ts';
import { listRevisions, type RevisionPage } from '../invocations/list-revisions.ts';
import { listStates } from '../invocations/list-states.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { connectionWith } from './connection-with.ts';

/** A page of the states of an invocation, of the archive or of a sealed day. */
export async function listAllRevisions(
  sqlite: Database,
  query: { key: InvocationKey; limit: number; after?: number | undefined },
  sealed: SealedDays,
): Promise<RevisionPage | undefined> {
  return listRevisions(await connectionWith(sqlite, query.key, sealed), query);
}

/** The first states of an invocation, of the archive or of a sealed day, with their outputs compared. */
export async function listAllStates(
  sqlite: Database,
  query: { key: InvocationKey; limit: number },
  sealed: SealedDays,
): Promise<ReturnType<typeof listStates>> {
  return listStates(await connectionWith(sqlite, query.key, sealed), query);
}
