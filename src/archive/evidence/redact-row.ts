import type { CommittedMember } from '../../ledger/entries/commitments.ts';
import { partsOfName } from '../../model/member-row.ts';
import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import type { InvocationView, OutputView } from '../invocations/invocation-view.ts';
import { REDACTED } from './evidence.ts';

/** What rows show of an output in place of it. Whether a step was skipped is told by its output. */
const OF_OUTPUT = ['outputSha256', 'outputSizeBytes', 'isOutputTruncated', 'isSkipped'] as const satisfies readonly (
  | keyof OutputView
  | 'isSkipped'
)[];

/** The names that a member of states has in rows. */
function shownAs(secret: CommittedMember): readonly string[] {
  return [...membersOf(INVOCATION_MEMBERS), ...membersOf(STEP_MEMBERS)].flatMap(({ name, aws, kind }) => {
    if (partsOfName(aws).own !== secret) return [];
    return kind === 'output' ? OF_OUTPUT : [name];
  });
}

/** Rows as a pack shows them from which members are redacted: REDACTED in place of texts, null in place of what else tells of them. */
export function createRowRedaction(redacted: readonly CommittedMember[]): (row: InvocationView) => InvocationView {
  const names = new Set(redacted.flatMap(shownAs));
  const redact = <Members extends object>(members: Members): Members => {
    for (const [name, value] of Object.entries(members)) {
      if (!names.has(name) || value === null || value === '') continue;
      Object.assign(members, { [name]: typeof value === 'string' ? REDACTED : null });
    }
    return members;
  };
  return (row) => {
    row.plugins?.forEach(redact);
    return redact(row);
  };
}
