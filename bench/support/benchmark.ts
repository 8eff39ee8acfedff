/** The options of a run. Each benchmark has its own default size. */
export interface BenchOptions {
  invocations: number | undefined;
  /**
   * The benchmark measures everything only once, or for a moment. This shows that it works; its figures mean nothing.
   */
  isShort: boolean;
  /** A folder only for this run, removed afterwards. */
  folder: string;
  /**
   * Returns the path of an archive with that many invocations, of a quarter of a year or of so many days, which is built
   * if the run has none yet. Benchmarks must only read it.
   */
  archiveOf(invocations: number, days?: number): Promise<string>;
  /** Prints a line at once. */
  say(line: string): void;
}

/** A ratio that a run measured, and its goal. */
export interface Goal {
  what: string;
  figure: number;
  atLeast?: number;
  atMost?: number;
}

/** How much of the rival's work was compared and found equal, or why there is nothing to compare. */
export type Compared = { rows: number; what: string } | { nothing: string };

/** `missing` names the programs that this machine lacks. */
export type Outcome = { goals: Goal[]; compared: Compared } | { missing: string };

export interface Benchmark {
  name: string;
  /** A line for --help: what is measured, and with what it is compared. */
  about: string;
  /**
   * Prints the absolute figures while it runs and returns the ratios. Throws if the rival's results differ from ours.
   */
  run(options: BenchOptions): Promise<Outcome>;
}

/** Returns a line that says what was compared. */
export function describeCompared(compared: Compared): string {
  return 'nothing' in compared
    ? `nothing compared: ${compared.nothing}`
    : `compared with the rival and found equal: ${whole(compared.rows)} ${compared.what}`;
}

/** Returns a line with the figure, its goal, and whether the figure meets it. */
export function describeGoal({ what, figure, atLeast, atMost }: Goal): string {
  const isMet = (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost);
  const bound = atLeast === undefined ? (atMost === undefined ? '' : `at most ${atMost}`) : `at least ${atLeast}`;
  return `${what}: ${figure.toPrecision(3)}${bound && ` (goal: ${bound}) ${isMet ? 'met' : 'MISSED'}`}`;
}

/** Returns the median; NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2;
}

/** Returns the value that this share of the values does not exceed (0.5 is the median); NaN for an empty list. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
}

/** Returns a duration as a readable text, in milliseconds with three digits. */
export function inMs(value: number): string {
  return `${value >= 100 ? whole(value) : value.toPrecision(3)} ms`;
}

/** Returns a number as a readable text: whole, with thousands separated. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
