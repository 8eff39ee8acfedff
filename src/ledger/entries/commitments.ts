import { hash } from 'node:crypto';
import { SECRET_MEMBERS, type SecretMember } from '../../model/secret-members.ts';
import { saltsOf, secretOf } from './line-secrets.ts';

/**
 * The members of an invocation and its steps that may be secret. An entry has commitments instead of these members, so
 * a pack can leave out any of them and everything else still verifies.
 */
export const COMMITTED_MEMBERS: readonly CommittedMember[] = SECRET_MEMBERS;

export type CommittedMember = SecretMember;

/**
 * The salt and value of a commitment. With both, anyone can compute the commitment. Without the salt, nobody can guess
 * the value.
 */
export interface Opening {
  /** 16 bytes. */
  salt: Buffer;
  /** The value as JSON, exactly as in the state. */
  value: string;
}

/**
 * Matches a secret member with a non-empty text, or with an output's digest. Within a text of JSON every quote has a
 * backslash before it, so nothing within a text matches.
 */
const MEMBER = new RegExp(
  `"(${COMMITTED_MEMBERS.join('|')})":("(?!")[^"\\\\]*(?:\\\\.[^"\\\\]*)*"|\\{"sha256":"[0-9a-f]{64}"\\})`,
  'g',
);

/** Where a short value is joined with its salt: each state has several, and new memory for each takes a third of the time. */
const scratch = Buffer.alloc(4096);
/** A unit of UTF-16 takes at most so many bytes of UTF-8. */
const MOST_BYTES = 3;

/** SHA-256 of salt and value, in hex. */
export function commitmentOf({ salt, value }: Opening): string {
  if (salt.length + value.length * MOST_BYTES > scratch.length)
    return hash('sha256', Buffer.concat([salt, Buffer.from(value)]), 'hex');
  salt.copy(scratch);
  return hash('sha256', scratch.subarray(0, salt.length + scratch.write(value, salt.length)), 'hex');
}

/** Returns what an entry has instead of a value. */
export function committed(commitment: string): string {
  return `{"commitment":"${commitment}"}`;
}

/**
 * Returns a function that commits to the values of a state, one after another. Their salts are computed from a secret,
 * the state's line and the value's number: no salt is stored, and no salt reveals another one.
 */
export function createCommitter<M extends string = CommittedMember>(
  secret: Buffer,
  line: number,
  tell?: (opening: Opening, member: M | undefined) => void,
): (value: string, member?: M) => string {
  const saltOf = saltsOf(secret, line);
  let n = 0;
  return (value, member) => {
    const opening = { salt: saltOf(n), value };
    n += 1;
    tell?.(opening, member);
    return committed(commitmentOf(opening));
  };
}

/** Returns the secret of a state alone: with it nobody can make the salts of the other states of its batch. */
export function secretOfState(secret: Buffer, line: number, stateJson: string): Buffer {
  // The fingerprint comes first.
  let salts = 1;
  for (const _ of stateJson.matchAll(MEMBER)) salts += 1;
  return secretOf(secret, line, salts);
}

/** Does what commitState does to a state that is cut already: each second part is a value that may be secret. */
export function commitParts(stateParts: readonly string[], commit: (value: string) => string): string {
  let state = '';
  for (const [n, part] of stateParts.entries()) state += n % 2 === 0 ? part : commit(part);
  return state;
}

/** Returns the state with commitments instead of the members that may be secret. */
export function commitState(stateJson: string, commit: (value: string, member: CommittedMember) => string): string {
  return stateJson.replaceAll(
    MEMBER,
    (_, member: CommittedMember, value: string) => `"${member}":${commit(value, member)}`,
  );
}
