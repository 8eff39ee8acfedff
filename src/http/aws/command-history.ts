import type { CommandInvocationRecord, CommandRecord, InvocationResultRecord } from './records.ts';

/** The history that a request is about: a 12-digit account id and the name of a region. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
  /**
   * The name of the caller, and a signal that ends the read. A history that reads in other processes uses the name to
   * let callers take turns.
   */
  readonly caller?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The parsed filters of a list request. An item must match all of them. Times are epoch milliseconds; invokedAfterMs is
 * inclusive, invokedBeforeMs exclusive. The history decides whether they are compared with the time of the command or
 * of the invocation. If a key is given several times, the latest InvokedAfter and the earliest InvokedBefore count, and
 * an item must match every status.
 */
export interface CommandFilters {
  readonly invokedAfterMs?: number;
  readonly invokedBeforeMs?: number;
  /** Each value is a Status or a StatusDetails: see `hasStatus`. */
  readonly statuses: readonly string[];
  readonly documentNames: readonly string[];
}

export interface PageRequest {
  /** The most items in the page, from 1 to 50. */
  readonly limit: number;
  /** The `nextCursor` of the previous page; undefined asks for the first page. */
  readonly cursor?: string;
}

export interface InvocationsQuery extends PageRequest {
  readonly commandId?: string;
  readonly instanceId?: string;
  readonly filters: CommandFilters;
  /** If false, CommandPlugins of every item is an empty list. */
  readonly details: boolean;
}

export type ExecutionStage = 'Executing' | 'Complete';

export interface CommandsQuery extends PageRequest {
  readonly commandId?: string;
  readonly instanceId?: string;
  readonly filters: CommandFilters;
  readonly executionStages: readonly ExecutionStage[];
}

export interface InvocationQuery {
  readonly commandId: string;
  readonly instanceId: string;
  readonly pluginName?: string;
}

/**
 * A page, with the newest item first. Only the last page has no `nextCursor`. No two pages of a list have the same
 * cursor.
 */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
  /** How much of the requested span the history covers; absent if the history is always complete. */
  readonly coverage?: string;
}

/**
 * The history that the protocol reads from. The archive and the simulator implement it. A function may throw an
 * AwsError (InvalidNextToken for a cursor that it no longer accepts, InvocationDoesNotExist, …); any other error is
 * answered as InternalServerError. For an unknown id, the two lists have an empty page.
 */
export interface CommandHistory {
  listInvocations(scope: Scope, query: InvocationsQuery): Answer<Page<CommandInvocationRecord>>;
  listCommands(scope: Scope, query: CommandsQuery): Answer<Page<CommandRecord>>;
  getInvocation(scope: Scope, query: InvocationQuery): Answer<InvocationResultRecord>;
}

export type Answer<T> = T | Promise<T>;
