import type { VerifiedDay } from './verified-day.ts';

/** The messages to and from a process that verifies days of the lake. */
export interface LakeVerifierProtocol {
  asks: {
    /** Verifies a sealed day, an ISO date, as it is sealed now. */
    verify(day: string): VerifiedDay;
  };
  events: {
    /** How many more leaves have been verified since the last event. */
    leaves: number;
  };
  tells: Record<never, never>;
  ready: undefined;
}
