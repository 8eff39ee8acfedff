import type { CommittedOutputMember } from '../../../ledger/entries/output-entry.ts';
import type { RedactableMember } from '../../../ledger/entries/redactable-members.ts';

/** The members of commands and steps that name the places of outputs. Who redacts one of them redacts the place too. */
const NAME_PLACES: readonly RedactableMember[] = [
  ...(['OutputS3BucketName', 'OutputS3KeyPrefix', 'StandardOutputUrl', 'StandardErrorUrl'] as const),
  'CloudWatchLogGroupName',
];

/** The members of a fetched output's entry that stay closed in a pack without the values of these members. */
export function withheldOfOutput(redacted: readonly RedactableMember[]): ReadonlySet<CommittedOutputMember> {
  const withheld = new Set<CommittedOutputMember>();
  if (redacted.includes('Output')) withheld.add('digest').add('size');
  if (NAME_PLACES.some((member) => redacted.includes(member))) withheld.add('location');
  return withheld;
}
