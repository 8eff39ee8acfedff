/** The messages of the trial program, with one of each kind. */
export interface TrialProtocol {
  asks: {
    echo(value: unknown): unknown;
    arguments(nothing: undefined): string[];
    environment(nothing: undefined): string[];
    later(what: { value: number; afterMs: number }): number;
    counts(to: number): number;
    /** Returns how many listeners its process has. */
    listeners(nothing: undefined): number;
    /** Answers once it gets the message to go on. */
    waits(value: string): string;
    /** Writes its process number into the file. After that it never answers and handles no event. */
    hangs(begun: string): never;
    fails(how: 'by a fault' | 'by a code' | 'by another'): never;
    exits(code: number): never;
  };
  events: { counted: number; waiting: undefined };
  tells: { go: undefined };
  ready: number;
}
