import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { COMMITTED_MEMBERS, type CommittedMember } from './commitments.ts';

/** The members that a list names, as in `Output,Comment`, or `all`; or a phrase on what is wrong with it. */
export function membersToRedact(list: string): CommittedMember[] | string {
  if (list === 'all') return [...COMMITTED_MEMBERS];
  const members: CommittedMember[] = [];
  for (const text of list.split(',')) {
    const member = COMMITTED_MEMBERS.find((name) => name.toLowerCase() === text.trim().toLowerCase());
    if (!member) {
      const near = proposalOf(nearNames(text, [...COMMITTED_MEMBERS, 'all']));
      return `knows ${COMMITTED_MEMBERS.join(', ')} and all, not "${text.trim()}".${near}`;
    }
    members.push(member);
  }
  return members;
}
