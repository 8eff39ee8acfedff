import type { CommandHistory, Scope } from '../command-history.ts';

/** What an operation gets in addition to its input. */
export interface OperationContext {
  readonly history: CommandHistory;
  readonly scope: Scope;
  /** The secret that signs NextTokens. It stays the same after a restart, so that old tokens still work. */
  readonly tokenSecret: string;
}

/**
 * The answer of an operation: the members of the reply, the number of its items, and how much of the span the history
 * covers.
 */
export interface OperationAnswer {
  readonly reply: object;
  readonly items: number;
  readonly coverage?: string | undefined;
}

export interface Operation {
  /** The name that follows `AmazonSSM.` in X-Amz-Target. */
  readonly name: string;
  /** Takes the parsed JSON of a request; throws AwsErrors. */
  readonly run: (context: OperationContext, body: unknown) => Promise<OperationAnswer>;
}
