import type { CheckedCheckpoints } from '../checkpoints/check-checkpoints.ts';

/** A pass that has just ended is signed within a moment: one such is no sign that nobody signs. */
const ENDED_JUST_NOW = 1;

/**
 * Why an archive whose parts fit each other is not held whole to something from outside: none where it is. With any of these it is
 * "consistent" and no more, since anybody who can write the file could have made up what is not held.
 */
export function reasonsForDoubt(
  { signedLeaves, heldLeaves, signedBy }: CheckedCheckpoints,
  unsignedPasses: number,
): string[] {
  if (signedLeaves === 0 && heldLeaves === 0) return ['Nobody has signed it: it has no checkpoint.'];
  const reasons: string[] = [];
  if (heldLeaves === 0)
    reasons.push('Nothing that was kept outside holds it: the key that signed it is known from the file itself alone.');
  else if (heldLeaves < signedLeaves)
    reasons.push(
      `What was kept outside holds it up to leaf ${heldLeaves}. The ${signedLeaves - heldLeaves} leaves after that are signed by ${signedBy ?? 'nobody'}, which is known from the file itself alone.`,
    );
  if (unsignedPasses > ENDED_JUST_NOW)
    reasons.push(
      `${unsignedPasses} passes ended after the newest checkpoint, of ${signedLeaves} leaves, and nobody signed what they collected: the log of the collector says why.`,
    );
  return reasons;
}
