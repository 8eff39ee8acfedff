import type { Database } from 'better-sqlite3';
import { getInvocation, type InvocationKey } from '../invocations/get-invocation.ts';
import type { InvocationView } from '../invocations/invocation-view.ts';
import { type InvocationOutputs, readInvocationOutputs } from '../outputs/read-invocation-outputs.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { connectionWith } from './connection-with.ts';

/** An invocation, and what was fetched of its outputs. */
export interface WholeInvocation {
  invocation: InvocationView;
  outputs: InvocationOutputs;
}

/** Reads an invocation of the archive or of a sealed day, as last seen or as of an ISO time. */
export async function readInvocation(
  sqlite: Database,
  { key, asOf }: { key: InvocationKey; asOf?: string | undefined },
  sealed: SealedDays,
): Promise<WholeInvocation | undefined> {
  const from = await connectionWith(sqlite, key, sealed);
  const invocation = getInvocation(from, key, asOf);
  return invocation && { invocation, outputs: readInvocationOutputs(from, key, asOf) };
}
