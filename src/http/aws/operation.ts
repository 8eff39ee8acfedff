import type { CommandHistory, Scope } from './command-history.ts';

/** What an operation is given besides its input. */
export interface OperationContext {
  readonly history: CommandHistory;
  readonly scope: Scope;
  /** Signs NextTokens: the same secret opens them after a restart. */
  readonly tokenSecret: string;
}

/** Takes a request's parsed JSON and gives the reply's members; throws AwsErrors. */
export type Operation = (context: OperationContext, body: unknown) => Promise<object>;
