/** What a run was asked for; each benchmark has a size of its own where none is given. */
export interface BenchOptions {
  invocations: number | undefined;
  /** Each thing is measured once, or for a moment: that shows whether the benchmark works, and its figures mean nothing. */
  isShort: boolean;
  /** A folder for this run alone, removed afterwards. */
  folder: string;
  /** The path of an archive of that many invocations, built where the run has none yet; to be read, not written. */
  archiveOf(invocations: number): Promise<string>;
  /** Prints a line at once. */
  say(line: string): void;
}

/** One ratio of a run against its goal. */
export interface Goal {
  what: string;
  figure: number;
  atLeast?: number;
  atMost?: number;
}

/** How much of the rival's work was found to be the same as ours, or why there is nothing to compare. */
export type Compared = { rows: number; what: string } | { nothing: string };

/** `missing` names the programs that this machine would need. */
export type Outcome = { goals: Goal[]; compared: Compared } | { missing: string };

export interface Benchmark {
  name: string;
  /** What is measured, against whom: a line for --help. */
  about: string;
  /** Says the absolute figures as it goes and returns the ratios. Throws where the rival's work is not the same as ours. */
  run(options: BenchOptions): Promise<Outcome>;
}

/** What an outcome says of the comparison, as a line. */
export function describeCompared(compared: Compared): string {
  return 'nothing' in compared
    ? `nothing compared: ${compared.nothing}`
    : `compared, and the same: ${whole(compared.rows)} ${compared.what}`;
}

/** A goal with its figure, and whether that meets it. */
export function describeGoal({ what, figure, atLeast, atMost }: Goal): string {
  const isMet = (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost);
  const bound = atLeast === undefined ? (atMost === undefined ? '' : `at most ${atMost}`) : `at least ${atLeast}`;
  return `${what}: ${figure.toPrecision(3)}${bound && ` (goal: ${bound}) ${isMet ? 'met' : 'MISSED'}`}`;
}

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2;
}

/** The value that so great a part of them does not exceed; NaN of none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
}

/** A duration for people, in milliseconds of three digits. */
export function inMs(value: number): string {
  return `${value >= 100 ? whole(value) : value.toPrecision(3)} ms`;
}

/** A number for people: whole, with thousands marked. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
