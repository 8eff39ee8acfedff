import type { CommandInvocationRecord, CommandRecord, InvocationResultRecord } from './records.ts';

/** Whose history is asked for: a 12-digit account id and a region name. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
  /** On whose behalf, and what ends the question; a history that works elsewhere takes turns by it. */
  readonly caller?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Filters of a list request, parsed. Every given one has to hold. Times are epoch milliseconds, the first inclusive and
 * the second exclusive; which time they compare (the command's or the invocation's) is up to the history. A key that was
 * given twice narrows: the latest InvokedAfter, the earliest InvokedBefore, all of the statuses at once.
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
  /** What the previous page gave as `nextCursor`; undefined asks for the first page. */
  readonly cursor?: string;
}

export interface InvocationsQuery extends PageRequest {
  readonly commandId?: string;
  readonly instanceId?: string;
  readonly filters: CommandFilters;
  /** False: every item's CommandPlugins is an empty list. */
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

/** A page, newest first. `nextCursor` is absent on the last page alone, and differs from page to page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
  /** What the history has of the span that was asked for, where it does not have all that ever was. */
  readonly coverage?: string;
}

/**
 * What the protocol reads from. The archive and the simulator implement it. A function may throw an AwsError
 * (InvalidNextToken for a cursor that it no longer honours, InvocationDoesNotExist, …); anything else that it throws is
 * answered as InternalServerError. An id that is not known gives an empty page in the two lists.
 */
export interface CommandHistory {
  listInvocations(scope: Scope, query: InvocationsQuery): Answer<Page<CommandInvocationRecord>>;
  listCommands(scope: Scope, query: CommandsQuery): Answer<Page<CommandRecord>>;
  getInvocation(scope: Scope, query: InvocationQuery): Answer<InvocationResultRecord>;
}

export type Answer<T> = T | Promise<T>;
