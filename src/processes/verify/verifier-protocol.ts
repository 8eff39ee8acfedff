import type { KnownOutside, Verdict } from '../../archive/verify/judge-parts.ts';
import type { VerifiedPart, VerifyTask } from '../../archive/verify/verify-task.ts';

/** What a process that verifies an archive is asked. */
export interface VerifierProtocol {
  asks: {
    /** Starts a new transaction, so that all verifiers come to see the same state; answers the size of the ledger that it sees. */
    begin(nothing: undefined): number;
    verify(task: VerifyTask): VerifiedPart;
    /** All parts, one after the other, and what they come to, for one that is alone. */
    whole(known: KnownOutside): Verdict;
  };
  events: {
    /** So many leaves more are verified. */
    leaves: number;
  };
  tells: Record<never, never>;
  ready: undefined;
}
