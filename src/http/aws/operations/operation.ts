import type { CommandHistory, Scope } from '../command-history.ts';

/** What an operation is given besides its input. */
export interface OperationContext {
  readonly history: CommandHistory;
  readonly scope: Scope;
  /** Signs NextTokens: the same secret opens them after a restart. */
  readonly tokenSecret: string;
}

/** What an operation answers with: the reply's members, how many items they have, and the history's own coverage. */
export interface OperationAnswer {
  readonly reply: object;
  readonly items: number;
  readonly coverage?: string | undefined;
}

export interface Operation {
  /** As it stands in X-Amz-Target, behind `AmazonSSM.`. */
  readonly name: string;
  /** Takes a request's parsed JSON; throws AwsErrors. */
  readonly run: (context: OperationContext, body: unknown) => Promise<OperationAnswer>;
}
