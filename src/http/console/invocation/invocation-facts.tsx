import type { SenderView } from '../../../archive/commands/get-sender.ts';
import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import { pathOfCommand, pathOfNode } from '../parts/values/paths.ts';
import { SenderFact } from '../parts/values/sender.tsx';
import { Status, Text, Time } from '../parts/values/values.tsx';
import { type Fact, factsOf } from './facts-of.ts';

/** The part of the page above the steps of an invocation. */
export function Facts({ invocation, sender }: { invocation: InvocationView; sender: SenderView | undefined }) {
  const facts: readonly Fact[] = [
    ['Account', invocation.accountId],
    ['Region', invocation.region],
    ['Command', invocation.commandId, pathOfCommand(invocation)],
    ['Node', invocation.instanceId, pathOfNode(invocation)],
    ...Object.values(factsOf(invocation)).filter((fact) => typeof fact !== 'string'),
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
