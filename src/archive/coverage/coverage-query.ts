/** A span that is not known to be listed completely, and why. `isForgotten`: the service no longer shows it. */
export interface CoverageGap {
  from: string;
  to: string;
  isForgotten: boolean;
  cause: string;
}

/** A question about coverage: about a span, or about all that is owed. */
export interface CoverageQuery {
  nowMs: number;
  /** How long after its end a span counts as settled. Until then it cannot be covered. */
  settlingMs: number;
  from?: number | undefined;
  to?: number | undefined;
}
