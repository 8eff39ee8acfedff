/** A span that is not known to be listed completely, and why. `isForgotten`: the service no longer shows it. */
export interface CoverageGap {
  from: string;
  to: string;
  isForgotten: boolean;
  cause: string;
}

/** What is asked of coverage: a span, or all that is owed. */
export interface CoverageQuery {
  nowMs: number;
  /** How long after its time a span settles: before that it can't be covered. */
  settlingMs: number;
  from?: number | undefined;
  to?: number | undefined;
}
