import type { CommandRevisionPage } from '../../../archive/commands/command-states.ts';
import type { CommandDetail, StepSummary } from '../../../archive/commands/get-command.ts';
import type { LastLook } from '../../../archive/coverage/last-looks.ts';
import type { InvocationView } from '../../../archive/invocations/invocation-view.ts';
import { kindOfDetails, kindOfStatus, type StatusKind } from '../../../model/final-status.ts';
import { titleOfStatus } from '../../../model/status-titles.ts';
import { CommandStates } from '../parts/commands/command-states.tsx';
import { WhatWasRun } from '../parts/commands/what-was-run.tsx';
import { AsOf } from '../parts/coverage/as-of.tsx';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import type { Covered } from '../parts/coverage/read-covered.ts';
import { OutputText } from '../parts/outputs/output-text.tsx';
import { pathOfView } from '../parts/questions/read-view.ts';
import { ViewLink } from '../parts/questions/view-link.tsx';
import { pathOfCommand, pathOfDocument, pathOfInvocation } from '../parts/values/paths.ts';
import { SenderFact } from '../parts/values/sender.tsx';
import { count, durationText, Status, Text, Time } from '../parts/values/values.tsx';
import { NodeTimeline } from './node-timeline.tsx';

export interface CommandContent {
  command: CommandDetail;
  /** The first invocations of the command, with their steps. */
  items: readonly InvocationView[];
  /**
   * How much is covered of the time in which the command may have reached more nodes; absent if all of its nodes are
   * known.
   */
  covered: Covered | undefined;
  /** The last look at the account and region; absent if the command has ended. */
  looks: readonly LastLook[] | undefined;
  nowMs: number;
  /** The first of the states in which the command itself was seen. */
  revisions: CommandRevisionPage;
  /** The past time that the page shows; absent for the present. */
  asOf: string | undefined;
}

const MOST_OUTLIERS = 20;

/** `/commands/…`: one command on all of its nodes, and the nodes whose output differs from the most common one. */
export function CommandPage(content: CommandContent) {
  const { command, items, covered, looks, nowMs, revisions, asOf } = content;
  const { accountId, region, commandId, startedAt, finishedAt, steps, outliers } = command;
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  return (
    <>
      <h1>
        {command.documentName ? (
          <a href={pathOfDocument(command.documentName)}>
            <Text of={command.documentName} />
          </a>
        ) : (
          <Text of={command.documentName} />
        )}
      </h1>
      {asOf !== undefined && (
        <p class="note">
          As the archive knew it at <Time at={asOf} />. <a href={pathOfCommand(command)}>As it is known now</a>
        </p>
      )}
      <dl class="facts">
        <dt>Command</dt>
        <dd class="mono">
          <Text of={commandId} />
        </dd>
        <dt>Account, region</dt>
        <dd>
          <Text of={accountId} /> <Text of={region} />
        </dd>
        <dt>Comment</dt>
        <dd>
          <Text of={command.comment} />
        </dd>
        <dt>Requested</dt>
        <dd>
          <Time at={command.requestedAt} />
        </dd>
        <dt>Status</dt>
        <dd>
          <Ended command={command} />
        </dd>
        <SenderFact sender={command.sender ?? undefined} />
        <dt>First step to last</dt>
        <dd>{durationText(took)}</dd>
      </dl>
      <p class="bar">
        <strong>{command.invocations === 1 ? '1 node' : `${count(command.invocations)} nodes`}</strong>
        {Object.entries(command.byStatusDetails).map(([details, n]) => (
          <ViewLink
            of={{ account: accountId, region, commandId, status: details }}
            class={`status status-${kindOfAll(details, command.byStatus)}`}
            title={titleOfStatus(null, details)}
          >
            <Text of={details} /> {count(n)}
          </ViewLink>
        ))}
      </p>
      {looks && <AsOf looks={looks} nowMs={nowMs} />}
      <p class="bar screen-only">
        <a href={`/evidence${pathOfView({ account: accountId, region, commandId }).replace(/^[^?]*/, '')}`}>
          Evidence pack
        </a>
        <a href={`/v1${pathOfCommand(command)}`}>JSON</a>
      </p>
      <WhatWasRun command={command} />
      <h2>Nodes</h2>
      {covered ? (
        <CoveredLine covered={covered} />
      ) : (
        command.targetCount !== null &&
        command.invocations >= Math.max(1, command.targetCount) && (
          <p class="quiet">The archive has all of the nodes that the service said it was sent to.</p>
        )
      )}
      <Missing command={command} />
      {command.invocations === 0 ? (
        <p>{noNodeText(command)}</p>
      ) : (
        <>
          <NodeTimeline items={items} fromMs={Date.parse(startedAt ?? '')} toMs={Date.parse(finishedAt ?? '')} />
          <p>
            <a href={pathOfView({ account: accountId, region, commandId })}>All of them</a>
          </p>
        </>
      )}
      <h2>Steps</h2>
      {steps.length === 0 && <p class="quiet">The service showed no steps of it.</p>}
      {steps.map((step) => (
        <section>
          <h3>
            {step.position + 1}. <Text of={step.name} />
          </h3>
          <p class="quiet">{stepText(step)}</p>
          {step.commonOutput && <OutputText text={step.commonOutput.output} />}
        </section>
      ))}
      {outliers.length > 0 && (
        <>
          <h2>Nodes that printed something else</h2>
          <ul>
            {outliers.slice(0, MOST_OUTLIERS).map((one) => (
              <li>
                <a href={pathOfInvocation({ accountId, region, commandId, instanceId: one.instanceId })}>
                  <Text of={one.instanceId} />
                </a>{' '}
                <Text of={one.instanceName} /> step {one.position + 1}, <Text of={one.statusDetails ?? one.status} />
                {one.responseCode !== null && `, exit code ${one.responseCode}`}
              </li>
            ))}
          </ul>
          {outliers.length > MOST_OUTLIERS && <p>And {count(outliers.length - MOST_OUTLIERS)} more.</p>}
        </>
      )}
      <CommandStates of={command} items={revisions.items} hasMore={revisions.next !== undefined} />
    </>
  );
}

/** Says how many invocations are missing, counted by the service's own TargetCount, once the command has ended. */
function Missing({ command: { targetCount, missingInvocations } }: { command: CommandDetail }) {
  if (missingInvocations === null || missingInvocations === 0) return null;
  return (
    <p class="note">
      The service counted {count(targetCount ?? 0)} {targetCount === 1 ? 'target' : 'targets'}, and the archive never
      saw an invocation on {count(missingInvocations)} of them. A command that was cancelled, or that stopped after too
      many errors, never reaches the rest of its targets.
    </p>
  );
}

/**
 * How the nodes with these details ended. For unknown details: how all nodes of the command ended if they ended alike,
 * else `busy`.
 */
function kindOfAll(details: string, byStatus: Record<string, number>): StatusKind {
  const [kind = 'busy', ...others] = new Set(Object.keys(byStatus).map(kindOfStatus));
  return kindOfDetails(details) ?? (others.length === 0 ? kind : 'busy');
}

/** What the service said about the command itself, which may not have reached any node. */
function Ended({ command: { status, statusDetails, targetCount } }: { command: CommandDetail }) {
  if (status === null && statusDetails === null && targetCount === null)
    return <span class="quiet">not known: the service was not seen to list the command itself</span>;
  return (
    <>
      <Status status={status} details={statusDetails} of="command" shows="status" />
      {statusDetails !== null && statusDetails !== status && (
        <>
          , <Text of={statusDetails} />
        </>
      )}
      {targetCount !== null && `, ${targetCount === 1 ? '1 target' : `${count(targetCount)} targets`}`}
    </>
  );
}

/** On how many nodes the step ran. The statuses do not show this. */
function stepText({ nodes, skippedNodes, distinctOutputs, commonOutput }: StepSummary): string {
  const all = nodes === 1 ? '1 node' : `${count(nodes)} nodes`;
  if (skippedNodes === nodes)
    return `${all}: the agent skipped the step ${nodes === 1 ? 'there' : 'on all of them'}, so it ran nowhere.`;
  const skipped = skippedNodes === 0 ? '' : `, skipped by the agent on ${count(skippedNodes)} of them`;
  const printed = commonOutput ? `; ${count(commonOutput.nodes)} printed this:` : '';
  return `${all}${skipped}, ${count(distinctOutputs)} different outputs${printed}`;
}

function noNodeText({ status, targetCount }: CommandDetail): string {
  if (targetCount === 0 && kindOfStatus(status) !== 'busy')
    return 'No node: the service counted no target for this command.';
  return 'The archive has not seen any node of this command.';
}
