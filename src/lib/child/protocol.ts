/**
 * The messages between a parent and a child process. Each program has its own protocol as a type, which the compiler
 * checks on both sides. Both sides come from the same build, so neither checks messages at run time.
 */
export interface Protocol {
  /** The questions by name, each as a function from what is sent to the answer. */
  asks: object;
  /** The reports of the child while it works on a question, by name. */
  events: object;
  /**
   * The messages that the child can be sent besides questions, by name. It receives them even during a question, if the
   * question awaits something.
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

/** What a child sends. An outcome or an event belongs to the oldest question without an outcome. */
export type FromChild<P extends Protocol> = { kind: 'ready'; value: P['ready'] } | EventMessage<P> | OutcomeMessage<P>;

/** An error as a message. Messages do not keep an error's class. */
export interface SentError {
  name: string;
  message: string;
  stack: string | undefined;
  /** The code that SQLite or the system gave. */
  code: string | undefined;
  /** The name of the named error and its parts. Undefined for an error of any other class. */
  named?: { name: string; parts: unknown } | undefined;
}

/** The descriptor of the pipe for bytes, in a child that was started with one. */
export const PIPE_FD = 4;
