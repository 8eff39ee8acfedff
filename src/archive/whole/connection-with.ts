import type { Database } from 'better-sqlite3';
import { findInvocation, type InvocationKey } from '../invocations/get-invocation.ts';
import { SEALED_PARTS, type SealedDays } from '../sealed/sealed-days.ts';
import { hasSealedDays } from './in-snapshot.ts';

/** Whether the answer about an invocation is in the archive's file alone: no sealed day can have it, or the file has it. */
export function isHere(sqlite: Database, key: InvocationKey): boolean {
  return !hasSealedDays(sqlite) || findInvocation(sqlite, key) !== undefined;
}

/**
 * Resolves with a connection on which an invocation can be read with all that belongs to it: the archive's own, or one
 * that has the rows of its sealed day until the next question.
 */
export async function connectionWith(sqlite: Database, key: InvocationKey, sealed: SealedDays): Promise<Database> {
  if (isHere(sqlite, key)) return sqlite;
  return (await sealed.bring(sqlite, key, SEALED_PARTS)) ?? sqlite;
}
