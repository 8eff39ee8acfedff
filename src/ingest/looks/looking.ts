import type { Span } from '../../model/coverage/spans.ts';
import type { SweepDeps } from '../sweep-listings.ts';

/** What looks have in common. */
export interface Looking {
  deps: SweepDeps;
  /** The time of request of what is to be looked at. */
  window: Span;
  nowMs: number;
  intervalMs: number;
  mostCalls: number;
  /** How many calls of it are left. */
  callsLeft(): number;
  /** Sentences on what failed. */
  errors: string[];
}
