import type { Database } from 'better-sqlite3';
import { findInvocation, type StoredInvocation } from '../invocations/find-invocations.ts';
import type { InvocationKey } from '../invocations/get-invocation.ts';
import { type FullOutput, listFullOutputs } from '../outputs/list-full-outputs.ts';
import { readBeginning } from '../outputs/read-beginning.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { connectionWith } from './connection-with.ts';

/** A fetched output with its beginning in base64; null if its text was pruned. */
export interface BegunOutput {
  output: FullOutput;
  beginning: string | null;
}

/** Finds an invocation of the archive or of a sealed day, with the first bytes of what was fetched of its steps. */
export async function findAnyInvocation(
  sqlite: Database,
  { key, bytes }: { key: InvocationKey; bytes: number },
  sealed: SealedDays,
): Promise<{ invocation: StoredInvocation; outputs: BegunOutput[] } | undefined> {
  const from = await connectionWith(sqlite, key, sealed);
  const invocation = findInvocation(from, key);
  if (!invocation) return undefined;
  const outputs = listFullOutputs(from, invocation.id).map((output): BegunOutput => {
    return { output, beginning: readBeginning(from, output, bytes)?.toString('base64') ?? null };
  });
  return { invocation, outputs };
}
