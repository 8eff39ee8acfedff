import type { GoneCheck } from './check-gone.ts';
import type { VerifiedDay } from './verified-day.ts';
import type { VerifiedMonth } from './verified-month.ts';

/** The messages to and from a process that verifies days of the lake. */
export interface LakeVerifierProtocol {
  asks: {
    /** Verifies a sealed day, an ISO date, as it is sealed now. */
    verify(day: string): VerifiedDay;
    /** Looks for what was pruned. */
    checkGone(task: undefined): GoneCheck;
    /** Verifies the commands of a month; undefined if they were not written. */
    verifyMonth(month: string): VerifiedMonth | undefined;
  };
  events: {
    /** How many more leaves have been verified since the last event. */
    leaves: number;
  };
  tells: Record<never, never>;
  ready: undefined;
}
