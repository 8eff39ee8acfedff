import type { KnownOutside, Verdict } from '../../archive/verify/judge-parts.ts';
import type { VerifiedPart, VerifyTask } from '../../archive/verify/verify-task.ts';

/** What an archive is held to beside itself. */
export type Known = KnownOutside;

/** `begin` starts a transaction anew, so that all verifiers come to see the same state. `whole` is for one alone: it does all of it. */
export type ToVerifier = { kind: 'begin' } | { kind: 'verify'; task: VerifyTask } | { kind: 'whole'; known: Known };

export type FromVerifier =
  | { kind: 'ready' }
  | { kind: 'begun'; size: number }
  | { kind: 'leaves'; count: number }
  | { kind: 'verified'; part: VerifiedPart }
  | { kind: 'judged'; verdict: Verdict }
  | { kind: 'failed'; message: string };
