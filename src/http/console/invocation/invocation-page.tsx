import type { SenderView } from '../../../archive/commands/get-sender.ts';
import type { ReadCommand } from '../../../archive/commands/read-command.ts';
import type { LastLook } from '../../../archive/coverage/last-looks.ts';
import type { InvocationView, PluginView } from '../../../archive/invocations/invocation-view.ts';
import type { StateView } from '../../../archive/invocations/list-states.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { WhatWasRun } from '../parts/commands/what-was-run.tsx';
import { AsOf } from '../parts/coverage/as-of.tsx';
import { FieldChanges } from '../parts/outputs/field-changes.tsx';
import { OutputDiff } from '../parts/outputs/output-diff.tsx';
import { isNamed, pathOfView } from '../parts/questions/read-view.ts';
import {
  pathOfCommand,
  pathOfComparison,
  pathOfDocument,
  pathOfInvocation,
  pathOfNode,
  pathOfOutput,
} from '../parts/values/paths.ts';
import { Status, Text, Time } from '../parts/values/values.tsx';
import { Facts } from './invocation-facts.tsx';
import { pathOfEvidence } from './path-of-evidence.ts';
import { Step } from './step.tsx';
import { EarlierOutputs, WholeOutputs, type WholeOutputsContent } from './whole-outputs.tsx';

export interface InvocationContent {
  invocation: InvocationView;
  sender: SenderView | undefined;
  /** Its command, as last seen. */
  command: ReadCommand | undefined;
  /** The last look at the account and region; absent if the invocation has ended. */
  looks: readonly LastLook[] | undefined;
  nowMs: number;
  states: readonly StateView[];
  hasMoreStates: boolean;
  /** The newest runs of the same document on this node, and the other nodes of the same command. */
  sameDocument: readonly InvocationView[];
  sameCommand: readonly InvocationView[];
  outputs: WholeOutputsContent;
}

/** One invocation: its facts, its steps and what they printed, its states, and related runs. */
export function InvocationPage(content: InvocationContent) {
  const { invocation, command, looks, nowMs, sender, states, hasMoreStates, sameDocument, sameCommand, outputs } =
    content;
  const { plugins = [], accountId: account, region, instanceId, documentName } = invocation;
  const earlier = earlierOf(outputs, plugins);
  return (
    <>
      <h1>
        {invocation.documentName ? (
          <a href={pathOfDocument(invocation.documentName)}>
            <Text of={invocation.documentName} />
          </a>
        ) : (
          <Text of={invocation.documentName} />
        )}{' '}
        on{' '}
        <a href={pathOfNode(invocation)}>
          <Text of={invocation.instanceId} />
        </a>
      </h1>
      <Facts invocation={invocation} sender={sender} />
      {looks && <AsOf looks={looks} nowMs={nowMs} />}
      <p class="bar screen-only">
        <a href={pathOfComparison(invocation, 'previous')}>Compare with the run before</a>
        <a href={pathOfEvidence(invocation)}>Evidence pack</a>
        <a href={`/v1${pathOfInvocation(invocation)}`}>JSON</a>
      </p>
      {command && <WhatWasRun command={command} />}
      <h2 id="steps">Steps</h2>
      {plugins.length === 0 ? (
        <p class="quiet">The service showed no steps of it.</p>
      ) : (
        <>
          {plugins.every(({ isSkipped }) => isSkipped === true) && (
            <p class="note">The agent skipped every step: nothing of this document ran on this node.</p>
          )}
          {plugins.map((plugin) => (
            <Step
              plugin={plugin}
              rawPath={pathOfOutput(invocation, plugin.position)}
              whole={<WholeOutputs {...{ invocation, plugin }} {...outputs} />}
            />
          ))}
        </>
      )}
      {earlier.fetched.length > 0 && <EarlierOutputs invocation={invocation} content={earlier} />}
      <h2 id="states">States that were observed</h2>
      <ol>
        {states.map((state) => (
          <State of={state} />
        ))}
      </ol>
      {hasMoreStates && (
        <p>
          There are more: <a href={`/v1${pathOfInvocation(invocation)}/revisions`}>all of them as JSON</a>.
        </p>
      )}
      {isNamed(documentName) ? (
        <>
          <Beside title={SAME_DOCUMENT} rows={sameDocument} own={invocation} />
          <p>
            <a href={pathOfView({ account, region, instanceId, documentName })}>All of them</a>
          </p>
        </>
      ) : (
        <>
          <h2>{SAME_DOCUMENT}</h2>
          <p class="quiet">
            The service named no document here, so it is not known which other runs are of the same document.
          </p>
        </>
      )}
      <Beside title="The same command on other nodes" rows={sameCommand} own={invocation} />
      {sameCommand.length > 2 && <Outliers rows={sameCommand} />}
      <p>
        <a href={pathOfCommand(invocation)}>The command, with all of its nodes</a>
      </p>
    </>
  );
}

function earlierOf(outputs: WholeOutputsContent, plugins: readonly PluginView[]): WholeOutputsContent {
  const present = new Set(plugins.map(({ position }) => position));
  return { ...outputs, fetched: outputs.fetched.filter(({ position }) => !present.has(position)) };
}

function State({ of: { observedAt, leaf, state, changes, outputs } }: { of: StateView }) {
  return (
    <li>
      <Time at={observedAt} /> <Status status={state.status} details={state.statusDetails} />{' '}
      <a href={`/v1/ledger/proof?leaf=${leaf}`}>proof of inclusion, leaf {leaf}</a>
      {changes && changes.length > 0 && (
        <details>
          <summary>{changes.length === 1 ? '1 member differs' : `${changes.length} members differ`}</summary>
          <FieldChanges changes={changes} left="Before" right="Since then" />
          {outputs.map(({ position, hunks, isCut }) => (
            <>
              <h3>Output of step {position + 1}</h3>
              {isCut ? <p class="quiet">They have too little in common.</p> : <OutputDiff hunks={hunks} />}
            </>
          ))}
        </details>
      )}
    </li>
  );
}

const SAME_DOCUMENT = 'The same document on this node';

function Beside({ title, rows, own }: { title: string; rows: readonly InvocationView[]; own: InvocationView }) {
  const others = rows.filter(
    ({ commandId, instanceId }) => commandId !== own.commandId || instanceId !== own.instanceId,
  );
  return (
    <>
      <h2>{title}</h2>
      {others.length === 0 ? (
        <p class="quiet">The archive has no other.</p>
      ) : (
        <ul class="rows">
          {others.map((row) => (
            <li>
              <a href={pathOfInvocation(row)}>
                <Time at={row.requestedAt} /> <Text of={row.instanceId} />
              </a>{' '}
              <Status status={row.status} details={row.statusDetails} />{' '}
              <a class="quiet" href={pathOfComparison(own, row)}>
                compare
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Lists the shown nodes where the command ended with another status than on most of them. */
function Outliers({ rows }: { rows: readonly InvocationView[] }) {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(status ?? '', (counts.get(status ?? '') ?? 0) + 1);
  const [usual] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [''];
  const unlike = rows.filter(({ status }) => (status ?? '') !== usual);
  if (unlike.length === 0) return <p>All of these ended alike.</p>;
  return (
    <p>
      Unlike most of these, which are {visibleText(usual)}:{' '}
      {unlike.map((row) => (
        <>
          <a href={pathOfInvocation(row)}>
            <Text of={row.instanceId} />
          </a>{' '}
        </>
      ))}
    </p>
  );
}
