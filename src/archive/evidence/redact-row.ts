import type { CommittedMember } from '../../ledger/commitments.ts';
import type { InvocationView } from '../invocation-view.ts';
import { REDACTED } from './evidence.ts';

type Redactable =
  | Exclude<keyof InvocationView, 'plugins'>
  | Exclude<keyof NonNullable<InvocationView['plugins']>[number], 'output'>;

/** The members of rows that each redacted member of states is in. */
const SHOWN_AS: Readonly<Record<CommittedMember, readonly Redactable[]>> = {
  CloudWatchLogGroupName: ['cloudwatchLogGroup'],
  Comment: ['comment'],
  InstanceName: ['instanceName'],
  NotificationArn: ['notificationArn'],
  Output: ['outputSha256', 'outputSizeBytes', 'isOutputTruncated', 'isSkipped'],
  OutputS3BucketName: ['outputS3BucketName'],
  OutputS3KeyPrefix: ['outputS3KeyPrefix'],
  ServiceRole: ['serviceRole'],
  StandardErrorUrl: ['standardErrorUrl'],
  StandardOutputUrl: ['standardOutputUrl'],
  TraceOutput: ['traceOutput'],
};

/** Rows as a pack shows them from which members are redacted: REDACTED in place of texts, null in place of what else tells of them. */
export function createRowRedaction(redacted: readonly CommittedMember[]): (row: InvocationView) => InvocationView {
  const names = new Set<string>(redacted.flatMap((member) => SHOWN_AS[member]));
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
