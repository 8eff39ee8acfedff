import type { Span } from '../../model/coverage/spans.ts';
import type { SourcePass } from '../source-pass.ts';

/** What the listings of looks have in common. */
export const LOOK = { whole: 'look', isLook: true } as const;

/** What looks have in common. */
export interface Looking {
  deps: SourcePass;
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
