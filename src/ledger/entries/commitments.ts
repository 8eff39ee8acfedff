import { hash } from 'node:crypto';
import { SECRET_MEMBERS, type SecretMember } from '../../model/secret-members.ts';

/**
 * The members of an invocation and of its steps that may say something secret: an entry has commitments in their place, so that each
 * may be left out of a pack and all else still verifies.
 */
export const COMMITTED_MEMBERS: readonly CommittedMember[] = SECRET_MEMBERS;

export type CommittedMember = SecretMember;

/** What a commitment was made of: with it anyone computes the commitment, without it nobody guesses the value. */
export interface Opening {
  /** 16 bytes. */
  salt: Buffer;
  /** JSON, as it stands in the state. */
  value: string;
}

const SALT_BYTES = 16;
const NUMBER_BYTES = 8;
/**
 * A member with a text that is not empty, or with an output's digest. Within JSON's own texts every quote has a backslash before it, so
 * that this finds members alone.
 */
const MEMBER = new RegExp(
  `"(${COMMITTED_MEMBERS.join('|')})":("(?!")[^"\\\\]*(?:\\\\.[^"\\\\]*)*"|\\{"sha256":"[0-9a-f]{64}"\\})`,
  'g',
);

/** SHA-256 of salt and value, in hex. */
export function commitmentOf({ salt, value }: Opening): string {
  return hash('sha256', Buffer.concat([salt, Buffer.from(value)]), 'hex');
}

/** What stands in an entry in place of a value. */
export function committed(commitment: string): string {
  return `{"commitment":"${commitment}"}`;
}

/**
 * Commits to one value after the other of a state. Their salts are made from the batch's, the state's line and the value's number, so that
 * none is stored, and none tells of another.
 */
export function createCommitter(
  pageSalt: Buffer,
  line: number,
  tell?: (opening: Opening, member: CommittedMember | undefined) => void,
): (value: string, member?: CommittedMember) => string {
  const seed = Buffer.alloc(pageSalt.length + NUMBER_BYTES);
  pageSalt.copy(seed);
  seed.writeUInt32BE(line, pageSalt.length);
  let n = 0;
  return (value, member) => {
    seed.writeUInt32BE(n, pageSalt.length + NUMBER_BYTES / 2);
    n += 1;
    const opening = { salt: hash('sha256', seed, 'buffer').subarray(0, SALT_BYTES), value };
    tell?.(opening, member);
    return committed(commitmentOf(opening));
  };
}

/** The state with commitments in place of the members that may be secret. */
export function commitState(stateJson: string, commit: (value: string, member: CommittedMember) => string): string {
  return stateJson.replaceAll(
    MEMBER,
    (_, member: CommittedMember, value: string) => `"${member}":${commit(value, member)}`,
  );
}
