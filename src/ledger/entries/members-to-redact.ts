import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { COMMITTED_MEMBERS, type CommittedMember } from './commitments.ts';

/**
 * Returns the members in a list such as `Output,Comment`, or all of them for `all`; or a phrase that says what is wrong
 * with the list.
 */
export function membersToRedact(list: string): CommittedMember[] | string {
  if (list === 'all') return [...COMMITTED_MEMBERS];
  const members: CommittedMember[] = [];
  for (const text of list.split(',')) {
    const member = COMMITTED_MEMBERS.find((name) => name.toLowerCase() === text.trim().toLowerCase());
    if (!member) {
      const near = proposalOf(nearNames(text, [...COMMITTED_MEMBERS, 'all']));
      return `accepts ${COMMITTED_MEMBERS.join(', ')} and all, not "${text.trim()}".${near}`;
    }
    members.push(member);
  }
  return members;
}
