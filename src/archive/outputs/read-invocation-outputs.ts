import type { Database } from 'better-sqlite3';
import { findInvocation, type InvocationKey } from '../invocations/get-invocation.ts';
import { type FullOutput, listFullOutputs } from './list-full-outputs.ts';
import { listUnfetched, type UnfetchedOutput } from './list-unfetched.ts';

/** What was fetched of an invocation's steps, and what is not fetched yet or was given up. */
export interface InvocationOutputs {
  fetched: FullOutput[];
  unfetched: UnfetchedOutput[];
}

/**
 * Returns the full outputs of an invocation, without their texts. As of a past time it has those that were fetched by
 * then; what was queued then is not known.
 */
export function readInvocationOutputs(sqlite: Database, key: InvocationKey, asOf?: string): InvocationOutputs {
  const id = findInvocation(sqlite, key)?.id;
  if (id === undefined) return { fetched: [], unfetched: [] };
  const fetched = listFullOutputs(sqlite, id);
  if (asOf === undefined) return { fetched, unfetched: listUnfetched(sqlite, id) };
  return { fetched: fetched.filter(({ fetchedAt }) => fetchedAt <= asOf), unfetched: [] };
}
