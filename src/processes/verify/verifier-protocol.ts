import type { KnownOutside, Verdict } from '../../archive/verify/judge-parts.ts';
import type { SeenState } from '../../archive/verify/plan-parts.ts';
import type { VerifiedPart, VerifyTask } from '../../archive/verify/verify-task.ts';

/** The messages to and from a process that verifies an archive. */
export interface VerifierProtocol {
  asks: {
    /**
     * Starts a new transaction, so that all verifiers see the same state. Returns what tells states apart in this
     * transaction.
     */
    begin(nothing: undefined): SeenState;
    verify(task: VerifyTask): VerifiedPart;
    /** For a process that works alone: verifies all parts, one after another, and returns the result. */
    whole(known: KnownOutside): Verdict;
  };
  events: {
    /** How many more leaves have been verified since the last event. */
    leaves: number;
  };
  tells: Record<never, never>;
  ready: undefined;
}
