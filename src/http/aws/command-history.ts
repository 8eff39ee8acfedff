import type { CommandInvocationRecord, CommandRecord, InvocationResultRecord } from './records.ts';

/** Whose history is asked for: a 12-digit account id and the name of a region. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
  /**
   * Who asks, and a signal that ends the question. A history that reads in other processes uses the caller to take
   * turns between callers.
   */
  readonly caller?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The filters of a list request, parsed; all of them have to hold. Times are epoch milliseconds, the first one
 * inclusive and the second one exclusive. The history decides whether they compare the command's time or the
 * invocation's. A key that is given twice narrows: the latest InvokedAfter, the earliest InvokedBefore, all of the
 * statuses at once.
 */
export interface CommandFilters {
  readonly invokedAfterMs?: number;
  readonly invokedBeforeMs?: number;
  /** Each value is a Status or a StatusDetails: see `hasStatus`. */
  readonly statuses: readonly string[];
  readonly documentNames: readonly string[];
}

export interface PageRequest {
  /** At most this many items, 1 to 50. */
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
 * A page, the newest first. Only the last page has no `nextCursor`; the cursors of all other pages differ from each
 * other.
 */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
  /** How much of the requested span the history covers; absent if the history has everything that ever was. */
  readonly coverage?: string;
}

/**
 * The history that the protocol reads from. The archive and the simulator implement it. A function may throw an
 * AwsError (InvalidNextToken for a cursor that it no longer accepts, InvocationDoesNotExist, …); any other error is
 * answered as InternalServerError. In the two lists an unknown id gives an empty page.
 */
export interface CommandHistory {
  listInvocations(scope: Scope, query: InvocationsQuery): Answer<Page<CommandInvocationRecord>>;
  listCommands(scope: Scope, query: CommandsQuery): Answer<Page<CommandRecord>>;
  getInvocation(scope: Scope, query: InvocationQuery): Answer<InvocationResultRecord>;
}

export type Answer<T> = T | Promise<T>;
