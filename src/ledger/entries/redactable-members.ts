import { SECRET_COMMAND_MEMBERS } from '../../model/secret-members.ts';
import { type CommittedCommandMember, OTHER_MEMBERS } from './command-entry.ts';
import { COMMITTED_MEMBERS, type CommittedMember } from './commitments.ts';

/** Stands for everything that CloudTrail says about who sent a command. Its entries have no commitments. */
export const SENDER = 'Sender';

/** What a pack can leave out: a member of invocations, steps or commands, or what stands for several. */
export type RedactableMember = CommittedMember | CommittedCommandMember | typeof SENDER;

/** All of them: the members by AWS's names in alphabetical order, then what stands for several. */
export const REDACTABLE_MEMBERS: readonly RedactableMember[] = [
  ...[...new Set<RedactableMember>([...COMMITTED_MEMBERS, ...SECRET_COMMAND_MEMBERS])].sort(),
  OTHER_MEMBERS,
  SENDER,
];
