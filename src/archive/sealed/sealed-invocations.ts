import type { Database } from 'better-sqlite3';

/** An invocation of a sealed day, and how to bring its rows back. */
export interface SealedInvocation {
  id: number;
  fingerprint: Buffer;
  status: string | null;
  /** Its last state, as it was observed. */
  stateJson: string;
  /**
   * Writes the rows into the file again, as they were. Call it in a transaction, only if the file has no row with this
   * id.
   */
  bringBack(sqlite: Database): void;
}

/** What identifies an invocation that may be in the lake. */
export interface KeyInLake {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  /** The day (ISO date) on which it was requested, as the service says now; undefined if it does not say. */
  day: string | undefined;
}

/**
 * Looks for sealed invocations by their keys, on whatever day they were sealed. Resolves with one element for each key,
 * in their order: undefined where the lake has no such invocation. Rejects with a sentence for the user if the lake
 * can't be read.
 */
export type FindSealed = (keys: readonly KeyInLake[]) => Promise<(SealedInvocation | undefined)[]>;
