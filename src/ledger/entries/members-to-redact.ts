import { nearNames, proposalOf } from '../../lib/words/near-names.ts';
import { REDACTABLE_MEMBERS, type RedactableMember } from './redactable-members.ts';

/**
 * Returns the members in a list such as `Output,Comment`, or all of them for `all`; or a phrase that says what is wrong
 * with the list.
 */
export function membersToRedact(list: string): RedactableMember[] | string {
  if (list === 'all') return [...REDACTABLE_MEMBERS];
  const members: RedactableMember[] = [];
  for (const text of list.split(',')) {
    const member = REDACTABLE_MEMBERS.find((name) => name.toLowerCase() === text.trim().toLowerCase());
    if (!member) {
      const near = proposalOf(nearNames(text, [...REDACTABLE_MEMBERS, 'all']));
      return `accepts ${REDACTABLE_MEMBERS.join(', ')} and all, not "${text.trim()}".${near}`;
    }
    members.push(member);
  }
  return members;
}
