import type { Span } from '../../model/coverage/spans.ts';
import type { SourcePass } from '../source-pass.ts';

/** The members that all listings of looks share. */
export const LOOK = { whole: 'look', isLook: true } as const;

/** The state that the functions that look again share. */
export interface Looking {
  deps: SourcePass;
  /** The span of requested time that is looked at. */
  window: Span;
  nowMs: number;
  intervalMs: number;
  mostCalls: number;
  /** How many of the pass's calls for looks are left. */
  callsLeft(): number;
  /** Sentences about what failed. */
  errors: string[];
}
