import { partsOfName } from './member-row.ts';
import {
  COMMAND_MEMBERS,
  INVOCATION_MEMBERS,
  type MemberList,
  membersOf,
  type NamedMember,
  STEP_MEMBERS,
} from './members.ts';

type OwnName<Aws extends string> = Aws extends `${string}.${infer Own}` ? Own : Aws;
type SecretOf<List extends MemberList> = OwnName<Extract<NamedMember<List>, { isSecret: true }>['aws']>;

/** AWS's own name of a member that may be secret, without the path before it. */
export type SecretMember = SecretOf<typeof INVOCATION_MEMBERS> | SecretOf<typeof STEP_MEMBERS>;

/** The same for the members of a command. */
export type SecretCommandMember = SecretOf<typeof COMMAND_MEMBERS>;

/**
 * AWS's own names of the members of an invocation and its steps that may be secret, in alphabetical order. Entries of
 * stored states are computed again with this list, so it does not contain the members that only commands have.
 */
export const SECRET_MEMBERS: readonly SecretMember[] = [
  ...new Set([...secretOf(INVOCATION_MEMBERS), ...secretOf(STEP_MEMBERS)]),
].sort();

/** AWS's own names of the members of a command that may be secret, in alphabetical order. */
export const SECRET_COMMAND_MEMBERS: readonly SecretCommandMember[] = secretOf(COMMAND_MEMBERS).sort();

function secretOf<List extends MemberList>(list: List): SecretOf<List>[];
function secretOf(list: MemberList): string[] {
  return membersOf(list).flatMap(({ aws, isSecret }) => (isSecret ? [partsOfName(aws).own] : []));
}
