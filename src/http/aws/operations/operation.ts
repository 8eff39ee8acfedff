import type { CommandHistory, Scope } from '../command-history.ts';

/** The context that an operation is given beside its input. */
export interface OperationContext {
  readonly history: CommandHistory;
  readonly scope: Scope;
  /** The secret that signs NextTokens. The same secret opens them after a restart. */
  readonly tokenSecret: string;
}

/** What an operation answers: the members of the reply, how many items it has, and the history's own coverage. */
export interface OperationAnswer {
  readonly reply: object;
  readonly items: number;
  readonly coverage?: string | undefined;
}

export interface Operation {
  /** As it stands in X-Amz-Target, behind `AmazonSSM.`. */
  readonly name: string;
  /** Takes the parsed JSON of a request; throws AwsErrors. */
  readonly run: (context: OperationContext, body: unknown) => Promise<OperationAnswer>;
}
