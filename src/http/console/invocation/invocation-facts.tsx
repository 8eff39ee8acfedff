import type { SenderView } from '../../../archive/commands/get-sender.ts';
import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import type { ShownRow } from '../../../model/member-row.ts';
import type { INVOCATION_MEMBERS } from '../../../model/members.ts';
import { pathOfCommand, pathOfNode } from '../parts/values/paths.ts';
import { SenderFact } from '../parts/values/sender.tsx';
import { Status, Text, Time } from '../parts/values/values.tsx';

type Fact = readonly [name: string, value: string | null, path?: string];

/** Another part of the page shows the member. */
const ELSEWHERE = undefined;
/** No page shows the member; it is only in the JSON. */
const NOT_SHOWN = undefined;

/** How the page shows each member of an invocation, in the order of the page. */
function factsOf(
  invocation: InvocationView,
): Readonly<Record<keyof ShownRow<typeof INVOCATION_MEMBERS>, Fact | undefined>> {
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

/** The part of the page above the steps of an invocation. */
export function Facts({ invocation, sender }: { invocation: InvocationView; sender: SenderView | undefined }) {
  const facts: readonly Fact[] = [
    ['Account', invocation.accountId],
    ['Region', invocation.region],
    ['Command', invocation.commandId, pathOfCommand(invocation)],
    ['Node', invocation.instanceId, pathOfNode(invocation)],
    ...Object.values(factsOf(invocation)).filter((fact) => fact !== undefined),
  ];
  return (
    <dl class="facts">
      <dt>Status</dt>
      <dd>
        <Status status={invocation.status} details={invocation.statusDetails} />
      </dd>
      <dt>Requested</dt>
      <dd>
        <Time at={invocation.requestedAt} />
      </dd>
      <SenderFact sender={sender} />
      <dt>In this state since</dt>
      <dd>
        <Time at={invocation.changedAt} /> <span class="quiet">as observed; first seen</span>{' '}
        <Time at={invocation.firstSeenAt} />
      </dd>
      {facts.flatMap(([name, value, path]) =>
        value === null || value === ''
          ? []
          : [
              <dt>{name}</dt>,
              <dd>
                {path === undefined ? (
                  <Text of={value} />
                ) : (
                  <a href={path}>
                    <Text of={value} />
                  </a>
                )}
              </dd>,
            ],
      )}
    </dl>
  );
}
