import type { RedactableMember } from '../../ledger/entries/redactable-members.ts';
import { partsOfName } from '../../model/member-row.ts';
import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../model/members.ts';
import type { InvocationView, OutputView } from '../invocations/invocation-view.ts';
import { REDACTED } from './evidence.ts';

/**
 * The members of a row that come from an output. They are redacted with the output, even `isSkipped`, because it
 * reveals something about the output.
 */
const OF_OUTPUT = ['outputSha256', 'outputSizeBytes', 'isOutputTruncated', 'isSkipped'] as const satisfies readonly (
  | keyof OutputView
  | 'isSkipped'
)[];

/** The names that a member of states has in rows. */
function shownAs(secret: RedactableMember): readonly string[] {
  return [...membersOf(INVOCATION_MEMBERS), ...membersOf(STEP_MEMBERS)].flatMap(({ name, aws, kind }) => {
    if (partsOfName(aws).own !== secret) return [];
    return kind === 'output' ? OF_OUTPUT : [name];
  });
}

/**
 * Returns a function that redacts members of a pack's rows: texts become REDACTED, and other values that reveal
 * something about these texts become null.
 */
export function createRowRedaction(redacted: readonly RedactableMember[]): (row: InvocationView) => InvocationView {
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
