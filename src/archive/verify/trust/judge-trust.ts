import type { CheckedCheckpoints } from '../checkpoints/check-checkpoints.ts';

/** A pass that has just ended is signed within a moment, so one unsigned pass does not mean that nobody signs. */
const ENDED_JUST_NOW = 1;

/**
 * The reasons why an archive whose parts fit each other is not fully confirmed by something from outside: an empty list
 * if it is. With any of these it is only "consistent", since anybody who can write the file could have made up the
 * unconfirmed part.
 */
export function reasonsForDoubt(
  { signedLeaves, heldLeaves, signedBy }: CheckedCheckpoints,
  unsignedPasses: number,
): string[] {
  if (signedLeaves === 0 && heldLeaves === 0) return ['Nobody has signed it: it has no checkpoint.'];
  const reasons: string[] = [];
  if (heldLeaves === 0)
    reasons.push(
      'Nothing that was kept outside confirms it: the key that signed it is known only from the file itself.',
    );
  else if (heldLeaves < signedLeaves)
    reasons.push(
      `What was kept outside confirms it up to leaf ${heldLeaves}. The ${signedLeaves - heldLeaves} leaves after that are signed by ${signedBy ?? 'nobody'}, which is known only from the file itself.`,
    );
  if (unsignedPasses > ENDED_JUST_NOW)
    reasons.push(
      `${unsignedPasses} passes ended after the newest checkpoint, of ${signedLeaves} leaves, and nobody signed what they collected: the log of the collector says why.`,
    );
  return reasons;
}
