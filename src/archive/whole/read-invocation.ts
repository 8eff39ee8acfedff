import type { Database } from 'better-sqlite3';
import { getInvocation, type InvocationKey } from '../invocations/get-invocation.ts';
import type { InvocationView } from '../invocations/invocation-view.ts';
import { type InvocationOutputs, readInvocationOutputs } from '../outputs/read-invocation-outputs.ts';
import { readSmallTexts } from '../outputs/read-small-texts.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { connectionWith } from './connection-with.ts';

export interface AskedInvocation {
  key: InvocationKey;
  /** ISO time; without it, the invocation is as last seen. */
  asOf?: string | undefined;
  /** Whether the small ones of its fetched outputs are shown. */
  withSmallTexts?: boolean;
}

/** An invocation, and what was fetched of its outputs. */
export interface WholeInvocation {
  invocation: InvocationView;
  outputs: InvocationOutputs;
  /** The texts of small fetched outputs, if they were asked for. */
  smallTexts: [outputId: number, text: string][];
}

/** Reads an invocation from the tables of a connection. */
export function readInvocationOn(
  sqlite: Database,
  { key, asOf, withSmallTexts = false }: AskedInvocation,
): WholeInvocation | undefined {
  const invocation = getInvocation(sqlite, key, asOf);
  if (!invocation) return undefined;
  const outputs = readInvocationOutputs(sqlite, key, asOf);
  return { invocation, outputs, smallTexts: withSmallTexts ? readSmallTexts(sqlite, outputs.fetched) : [] };
}

/** Reads an invocation of the archive or of a sealed day. */
export async function readInvocation(
  sqlite: Database,
  asked: AskedInvocation,
  sealed: SealedDays,
): Promise<WholeInvocation | undefined> {
  return readInvocationOn(await connectionWith(sqlite, asked.key, sealed), asked);
}
