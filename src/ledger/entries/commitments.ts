import { hash } from 'node:crypto';
import { SECRET_MEMBERS, type SecretMember } from '../../model/secret-members.ts';

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

const SALT_BYTES = 16;
const NUMBER_BYTES = 8;
/**
 * Matches a secret member with a non-empty text, or with an output's digest. Within a text of JSON every quote has a
 * backslash before it, so nothing within a text matches.
 */
const MEMBER = new RegExp(
  `"(${COMMITTED_MEMBERS.join('|')})":("(?!")[^"\\\\]*(?:\\\\.[^"\\\\]*)*"|\\{"sha256":"[0-9a-f]{64}"\\})`,
  'g',
);

/** SHA-256 of salt and value, in hex. */
export function commitmentOf({ salt, value }: Opening): string {
  return hash('sha256', Buffer.concat([salt, Buffer.from(value)]), 'hex');
}

/** Where a short value is joined with its salt: each state has several, and new memory for each takes half of the time. */
const scratch = Buffer.alloc(4096);
const MOST_BYTES_OF_A_CHARACTER = 3;

/** The commitment of a value whose salt is the first bytes of the SHA-256 of a seed. */
function commitmentFrom(seed: Buffer, value: string): string {
  const salt = hash('sha256', seed, 'hex').slice(0, 2 * SALT_BYTES);
  if (value.length > (scratch.length - SALT_BYTES) / MOST_BYTES_OF_A_CHARACTER)
    return commitmentOf({ salt: Buffer.from(salt, 'hex'), value });
  scratch.write(salt, 'hex');
  return hash('sha256', scratch.subarray(0, SALT_BYTES + scratch.write(value, SALT_BYTES)), 'hex');
}

/** Returns what an entry has instead of a value. */
export function committed(commitment: string): string {
  return `{"commitment":"${commitment}"}`;
}

/**
 * Returns a function that commits to the values of a state, one after another. Their salts are computed from the
 * batch's salt, the state's line and the value's number: no salt is stored, and no salt reveals another one.
 */
export function createCommitter<M extends string = CommittedMember>(
  pageSalt: Buffer,
  line: number,
  tell?: (opening: Opening, member: M | undefined) => void,
): (value: string, member?: M) => string {
  const seed = Buffer.alloc(pageSalt.length + NUMBER_BYTES);
  pageSalt.copy(seed);
  seed.writeUInt32BE(line, pageSalt.length);
  let n = 0;
  return (value, member) => {
    seed.writeUInt32BE(n, pageSalt.length + NUMBER_BYTES / 2);
    n += 1;
    const commitment = commitmentFrom(seed, value);
    tell?.({ salt: hash('sha256', seed, 'buffer').subarray(0, SALT_BYTES), value }, member);
    return committed(commitment);
  };
}

/** Returns the state with commitments instead of the members that may be secret. */
export function commitState(stateJson: string, commit: (value: string, member: CommittedMember) => string): string {
  return stateJson.replaceAll(
    MEMBER,
    (_, member: CommittedMember, value: string) => `"${member}":${commit(value, member)}`,
  );
}
