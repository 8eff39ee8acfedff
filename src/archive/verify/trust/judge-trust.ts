import type { CheckedCheckpoints } from '../checkpoints/check-checkpoints.ts';

/** One unsigned pass does not mean that nobody signs: it may have ended just now, and will be signed in a moment. */
const ENDED_JUST_NOW = 1;

/**
 * Returns the reasons why an archive without faults is not fully confirmed from outside; an empty list if it is. With
 * any reason the archive is only "consistent", because anybody who can write the file could have forged the unconfirmed
 * part.
 */
export function reasonsForDoubt(
  { signedLeaves, heldLeaves, signedBy }: CheckedCheckpoints,
  unsignedPasses: number,
): string[] {
  if (signedLeaves === 0 && heldLeaves === 0) return ['Nobody has signed it: it has no checkpoint.'];
  const reasons: string[] = [];
  if (heldLeaves === 0)
    reasons.push('Nothing outside of the file confirms it: the key that signed it is known only from the file itself.');
  else if (heldLeaves < signedLeaves)
    reasons.push(
      `Something outside of the file confirms it up to leaf ${heldLeaves}. The ${signedLeaves - heldLeaves} leaves after that are signed by ${signedBy ?? 'nobody'}, which is known only from the file itself.`,
    );
  if (unsignedPasses > ENDED_JUST_NOW)
    reasons.push(
      `${unsignedPasses} passes ended after the newest checkpoint (of ${signedLeaves} leaves), and nobody signed what they collected: the collector's log says why.`,
    );
  return reasons;
}
