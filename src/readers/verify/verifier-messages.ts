import type { VerifiedPart, VerifyTask } from '../../archive/verify/verify-task.ts';

/** `begin` starts a transaction anew, so that all verifiers come to see the same state. */
export type ToVerifier = { kind: 'begin' } | { kind: 'verify'; task: VerifyTask };

export type FromVerifier =
  | { kind: 'ready' }
  | { kind: 'begun'; size: number }
  | { kind: 'leaves'; count: number }
  | { kind: 'verified'; part: VerifiedPart }
  | { kind: 'failed'; message: string };
