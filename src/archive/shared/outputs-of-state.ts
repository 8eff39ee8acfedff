import { sha256 } from '../../lib/sha256.ts';
import { normalizeInvocation } from '../../model/normalize-invocation.ts';
import { asMembers, type Members } from '../../model/read-member.ts';

const DIGEST = /^[0-9a-f]{64}$/;

/**
 * The SHA-256 in hex of a step's Output in a state: the digest in the state; or, if the state has the text itself
 * because UTF-8 can't hold it, the SHA-256 of the text; null if there is no output.
 */
export function digestOfOutput(value: unknown): string | null {
  const digest = asMembers(value)?.sha256;
  if (typeof digest === 'string' && DIGEST.test(digest)) return digest;
  return typeof value === 'string' ? sha256(value.toWellFormed()).toString('hex') : null;
}

/** The SHA-256 in hex of all outputs that a state names. */
export function outputsOfState(stateJson: string): string[] {
  const members: Members | undefined = asMembers(JSON.parse(stateJson));
  if (!members) return [];
  return normalizeInvocation(members, digestOfOutput).plugins.flatMap(({ output }) =>
    output === null ? [] : [output],
  );
}
