/**
 * The messages between a parent and a child process. Each program has its own protocol, a type that the compiler checks
 * on both sides. Both sides come from the same build, so messages are not checked at run time.
 */
export interface Protocol {
  /** The questions, by name. Each is a function from what is sent to what is answered. */
  asks: object;
  /** The reports of the child while it works on a question, by name. */
  events: object;
  /**
   * The messages besides questions that the parent can send, by name. The child receives them even while it works on a
   * question, if that work awaits something.
   */
  tells: object;
  /** What the child reports once it has started. */
  ready: unknown;
}

export type InputOf<Ask> = Ask extends (input: infer Input) => unknown ? Input : never;
export type AnswerOf<Ask> = Ask extends (input: never) => infer Answer ? Answer : never;

type Each<Messages> = Messages[keyof Messages];

/** What a parent sends. Questions are answered in the order in which they were sent. */
export type ToChild<P extends Protocol> =
  | Each<{ [Name in keyof P['asks']]: { kind: 'ask'; name: Name; input: InputOf<P['asks'][Name]> } }>
  | Each<{ [Name in keyof P['tells']]: { kind: 'tell'; name: Name; value: P['tells'][Name] } }>;

/** A report of a child while it works on a question. */
export type EventMessage<P extends Protocol> = Each<{
  [Name in keyof P['events']]: { kind: 'event'; name: Name; value: P['events'][Name] };
}>;

/** How a question ended. */
export type OutcomeMessage<P extends Protocol> =
  | { kind: 'answer'; value: AnswerOf<Each<P['asks']>> }
  | { kind: 'failed'; error: SentError };

/** What a child sends. An outcome or an event belongs to the oldest question that has no outcome yet. */
export type FromChild<P extends Protocol> = { kind: 'ready'; value: P['ready'] } | EventMessage<P> | OutcomeMessage<P>;

/** An error as a message. Messages do not keep an error's class. */
export interface SentError {
  name: string;
  message: string;
  stack: string | undefined;
  /** The code that SQLite or the system gave. */
  code: string | undefined;
  /** The name and parts of a named error; undefined for an error of any other class. */
  named?: { name: string; parts: unknown } | undefined;
}

/** The descriptor of the pipe for bytes, in a child that was started with one. */
export const PIPE_FD = 4;
