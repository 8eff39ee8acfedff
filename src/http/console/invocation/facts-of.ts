import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import type { ShownRow } from '../../../model/member-row.ts';
import type { INVOCATION_MEMBERS } from '../../../model/members.ts';

export type Fact = readonly [name: string, value: string | null, path?: string];

/** Another part of the page shows the member. */
const ELSEWHERE = 'elsewhere';
/** No page shows the member; it is only in the JSON. */
export const NOT_SHOWN = 'not shown';

/**
 * Returns how the page of an invocation shows each of its members, in the order of the page. A test looks for the value
 * of each on the page, unless it is NOT_SHOWN.
 */
export function factsOf(
  invocation: InvocationView,
): Readonly<Record<keyof ShownRow<typeof INVOCATION_MEMBERS>, Fact | typeof ELSEWHERE | typeof NOT_SHOWN>> {
  return {
    documentName: ELSEWHERE,
    status: ELSEWHERE,
    statusDetails: ELSEWHERE,
    requestedAt: ELSEWHERE,
    instanceName: ['Node name', invocation.instanceName],
    documentVersion: ['Document version', invocation.documentVersion],
    comment: ['Comment', invocation.comment],
    traceOutput: ['Trace', invocation.traceOutput],
    serviceRole: ['Service role', invocation.serviceRole],
    cloudwatchLogGroup: ['Log group', invocation.cloudwatchLogGroup],
    standardOutputUrl: ['Standard output', invocation.standardOutputUrl],
    standardErrorUrl: ['Standard error', invocation.standardErrorUrl],
    isCloudwatchOutputEnabled: NOT_SHOWN,
    notificationArn: NOT_SHOWN,
    notificationEvents: NOT_SHOWN,
    notificationType: NOT_SHOWN,
  };
}
