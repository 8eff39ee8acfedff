/** What the trial program is asked, told and says: something of each kind. */
export interface TrialProtocol {
  asks: {
    echo(value: unknown): unknown;
    arguments(nothing: undefined): string[];
    environment(nothing: undefined): string[];
    later(what: { value: number; afterMs: number }): number;
    counts(to: number): number;
    /** How many listeners its process has. */
    listeners(nothing: undefined): number;
    /** Answers once it is told to go. */
    waits(value: string): string;
    /** Never answers, and hears nothing; writes its number into the file. */
    hangs(begun: string): never;
    fails(how: 'by a fault' | 'by a code' | 'by another'): never;
    exits(code: number): never;
  };
  events: { counted: number; waiting: undefined };
  tells: { go: undefined };
  ready: number;
}
