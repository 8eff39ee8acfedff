/**
 * What a program of a child process can be asked and told, and what it says. The program has its own as a type, by which
 * the compiler holds both sides to the same messages: they are of one build, so neither checks at run time.
 */
export interface Protocol {
  /** A function for each question, by name: what is sent with it, and its answer. */
  asks: object;
  /** What the child says while it works on a question, by name. */
  events: object;
  /** What the child is told beside questions, by name; it hears that in the middle of one where the question waits. */
  tells: object;
  /** What the child says once it has come up. */
  ready: unknown;
}

export type InputOf<Ask> = Ask extends (input: infer Input) => unknown ? Input : never;
export type AnswerOf<Ask> = Ask extends (input: never) => infer Answer ? Answer : never;

type Each<Messages> = Messages[keyof Messages];

/** What a parent sends. Questions are answered in their order. */
export type ToChild<P extends Protocol> =
  | Each<{ [Name in keyof P['asks']]: { kind: 'ask'; name: Name; input: InputOf<P['asks'][Name]> } }>
  | Each<{ [Name in keyof P['tells']]: { kind: 'tell'; name: Name; value: P['tells'][Name] } }>;

/** What a child says while it works on a question. */
export type EventMessage<P extends Protocol> = Each<{
  [Name in keyof P['events']]: { kind: 'event'; name: Name; value: P['events'][Name] };
}>;

/** What a question comes to. */
export type OutcomeMessage<P extends Protocol> =
  | { kind: 'answer'; value: AnswerOf<Each<P['asks']>> }
  | { kind: 'failed'; error: SentError };

/** What a child sends: an outcome belongs to the first question that has none yet, and so does an event. */
export type FromChild<P extends Protocol> = { kind: 'ready'; value: P['ready'] } | EventMessage<P> | OutcomeMessage<P>;

/** An error as it goes between processes, where its class is lost. */
export interface SentError {
  name: string;
  message: string;
  stack: string | undefined;
  /** As SQLite and the system name what went wrong. */
  code: string | undefined;
  /** Which of the named errors it is, and what makes it again; undefined for one that nobody named. */
  named?: { name: string; parts: unknown } | undefined;
}

/** The descriptor of the pipe for bytes, in a child that has one. */
export const PIPE_FD = 4;
