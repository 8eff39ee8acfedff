import type { Database } from 'better-sqlite3';
import type { KeyPosition } from '../../lib/keyset.ts';
import type { InvocationFilter } from '../../questions/filters.ts';

/** The tables with what belongs to an invocation, as the lake names them. */
export type SealedPart = 'plugins' | 'revisions' | 'earlier_outputs' | 'full_outputs' | 'output_queue';

export const SEALED_PARTS: readonly SealedPart[] = [
  'plugins',
  'revisions',
  'earlier_outputs',
  'full_outputs',
  'output_queue',
];

/** A column by which sealed invocations are sorted; the first is a time. */
export interface SealedOrder {
  column: 'requested_at' | 'changed_at' | 'id' | 'command_id' | 'instance_id';
  isDescending: boolean;
}

/** Which sealed invocations a question may find, and in which order it reads them. */
export interface SealedSearch {
  filter: InvocationFilter;
  order: readonly SealedOrder[];
  /** The place after which the question begins. */
  after?: KeyPosition | undefined;
  /** Nothing that comes after this place is needed. */
  until?: KeyPosition | undefined;
  /** ISO time of the states in which the invocations are asked for. */
  asOf?: string | undefined;
  /** What is needed besides the invocations themselves. */
  parts: readonly SealedPart[];
  /** How many invocations may be brought at first; later batches may be larger. */
  atOnce: number;
  /** Whether all that is found will be read, so that each day is best read from its beginning to its end. */
  isWhole?: boolean | undefined;
}

/**
 * Sealed invocations on a connection whose tables have them and nothing else, so that the functions which read the
 * archive read them. They are replaced by those of the next batch.
 */
export interface SealedBatch {
  sqlite: Database;
  /** Whether all sealed invocations that the question finds up to this place are in this batch or in one before it. */
  covers(position: KeyPosition): boolean;
}

/** What belongs to a command, or to one of its invocations. */
export interface SealedKey {
  accountId: string;
  region: string;
  commandId: string;
  instanceId?: string | undefined;
}

/**
 * What the archive asks of the days whose rows are in the lake. `hot` is the connection on which the same question reads
 * the archive's own rows, in one transaction: the days are those that this transaction sees. Rows of the lake that are
 * also in the archive are left to the caller: those of the archive win. Each method rejects with SealedUnreadable if the
 * lake can't be read.
 */
export interface SealedDays {
  /** Brings the invocations that a search may find, and perhaps some more, batch after batch in its order. */
  walk(hot: Database, search: SealedSearch): AsyncGenerator<SealedBatch>;
  /**
   * Brings the invocations with a key, with all that belongs to them, and those of the archive itself with this key.
   * Resolves with undefined if no sealed day has any.
   */
  bring(hot: Database, key: SealedKey, parts: readonly SealedPart[]): Promise<Database | undefined>;
  /**
   * Brings the invocations of sealed days that have leaves after `from` and up to `to` (numbers of rows: leaf plus one),
   * with all that belongs to them. Resolves with undefined if no sealed day has any.
   */
  bringLeaves(hot: Database, from: number, to: number): Promise<Database | undefined>;
}
