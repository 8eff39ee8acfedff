import type { FieldChange } from '../../../archive/compare-invocations.ts';
import type { InvocationView, PluginView } from '../../../archive/invocation-view.ts';
import type { RevisionView } from '../../../archive/list-revisions.ts';
import { visibleText } from '../../../lib/visible-text.ts';
import { OutputText } from '../parts/output-text.tsx';
import { pathOfView } from '../parts/read-view.ts';
import { durationText, pathOfCommand, pathOfInvocation, pathOfNode, Status, Text, Time } from '../parts/values.tsx';

export interface InvocationContent {
  invocation: InvocationView;
  revisions: readonly RevisionView[];
  hasMoreRevisions: boolean;
  /** The same document's newest runs on this node, and the same command's other nodes. */
  sameDocument: readonly InvocationView[];
  sameCommand: readonly InvocationView[];
}

/** One invocation: its facts, its steps and what they printed, its states, and what ran beside it. */
export function InvocationPage(content: InvocationContent) {
  const { invocation, revisions, hasMoreRevisions, sameDocument, sameCommand } = content;
  const { plugins = [] } = invocation;
  return (
    <>
      <h1>
        <Text of={invocation.documentName} /> on{' '}
        <a href={pathOfNode(invocation)}>
          <Text of={invocation.instanceId} />
        </a>
      </h1>
      <Facts invocation={invocation} />
      <h2 id="steps">Steps</h2>
      {plugins.length === 0 ? (
        <p class="quiet">The service showed no steps of it.</p>
      ) : (
        plugins.map((plugin) => <Step plugin={plugin} />)
      )}
      <h2 id="states">States that were observed</h2>
      <ol>
        {revisions.map((revision) => (
          <State revision={revision} />
        ))}
      </ol>
      {hasMoreRevisions && (
        <p>
          There are more: <a href={`/v1${pathOfInvocation(invocation)}/revisions`}>all of them as JSON</a>.
        </p>
      )}
      <Beside title="The same document on this node" rows={sameDocument} own={invocation} />
      <p>
        <a href={pathOfView({ document: invocation.documentName ?? '', instance: invocation.instanceId })}>
          All of them
        </a>
      </p>
      <Beside title="The same command on other nodes" rows={sameCommand} own={invocation} />
      {sameCommand.length > 2 && <Outliers rows={sameCommand} />}
      <p>
        <a href={pathOfCommand(invocation)}>The command, with all of its nodes</a>
      </p>
    </>
  );
}

function Facts({ invocation }: { invocation: InvocationView }) {
  const facts: [string, string | null][] = [
    ['Account', invocation.accountId],
    ['Region', invocation.region],
    ['Command', invocation.commandId],
    ['Node', invocation.instanceId],
    ['Node name', invocation.instanceName],
    ['Document version', invocation.documentVersion],
    ['Comment', invocation.comment],
    ['Trace', invocation.traceOutput],
    ['Service role', invocation.serviceRole],
    ['Log group', invocation.cloudwatchLogGroup],
    ['Standard output', invocation.standardOutputUrl],
    ['Standard error', invocation.standardErrorUrl],
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
      <dt>In this state since</dt>
      <dd>
        <Time at={invocation.changedAt} /> <span class="quiet">as observed; first seen</span>{' '}
        <Time at={invocation.firstSeenAt} />
      </dd>
      {facts.flatMap(([name, value]) =>
        value === null || value === ''
          ? []
          : [
              <dt>{name}</dt>,
              <dd>
                <Text of={value} />
              </dd>,
            ],
      )}
    </dl>
  );
}

function Step({ plugin }: { plugin: PluginView }) {
  const { position, name, status, statusDetails, responseCode, startedAt, durationMs } = plugin;
  return (
    <section>
      <h3>
        {position + 1}. <Text of={name} /> <Status status={status} details={statusDetails} />
      </h3>
      <p class="quiet">
        {responseCode === null ? 'No exit code' : `Exit code ${responseCode}`} ·{' '}
        {durationMs === null ? 'not finished' : `took ${durationText(durationMs)}`} ·{' '}
        {isTime(startedAt) ? (
          <>
            started <Time at={startedAt} />
          </>
        ) : (
          'not started'
        )}
      </p>
      <Output plugin={plugin} />
    </section>
  );
}

/** The service says the year 1 where there was none yet. */
function isTime(at: string | null): boolean {
  return at !== null && at > '1970-01-01';
}

function Output({ plugin }: { plugin: PluginView }) {
  const { output, isOutputPruned, isOutputTruncated, standardOutputUrl, outputSizeBytes } = plugin;
  if (isOutputPruned)
    return (
      <p class="note">
        Its output was kept, and pruned since. <a href="/integrity">Integrity</a> says why and by whom.
      </p>
    );
  if (output === null || output === undefined) return <p class="quiet">The service sent no output.</p>;
  if (output === '') return <p class="quiet">It printed nothing.</p>;
  return (
    <>
      {isOutputTruncated === true && (
        <p class="note">
          The agent cut it at 2,500 bytes: no more ever reached the service.{' '}
          {standardOutputUrl ? <>S3 may have all of it: {visibleText(standardOutputUrl)}</> : null}
        </p>
      )}
      <p class="quiet">{outputSizeBytes} bytes</p>
      <OutputText text={output} />
    </>
  );
}

function State({ revision }: { revision: RevisionView }) {
  const { observedAt, leaf, state, changes } = revision;
  return (
    <li>
      <Time at={observedAt} /> <Status status={state.status} details={state.statusDetails} />{' '}
      <a href={`/v1/ledger/proof?leaf=${leaf}`}>proof, leaf {leaf}</a>
      {changes && changes.length > 0 && (
        <ul>
          {changes.map((change) => (
            <Change change={change} />
          ))}
        </ul>
      )}
    </li>
  );
}

const MOST_SHOWN = 200;

function Change({ change }: { change: FieldChange }) {
  const { path, left, right } = change;
  return (
    <li>
      {visibleText(path)}: <del>{shown(left)}</del> → <ins>{shown(right)}</ins>
    </li>
  );
}

function shown(value: unknown): string {
  const text =
    value === null || value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  const whole = text === '' ? '""' : visibleText(text);
  return whole.length > MOST_SHOWN ? `${whole.slice(0, MOST_SHOWN)}…` : whole;
}

function Beside({ title, rows, own }: { title: string; rows: readonly InvocationView[]; own: InvocationView }) {
  const others = rows.filter(
    ({ commandId, instanceId }) => commandId !== own.commandId || instanceId !== own.instanceId,
  );
  return (
    <>
      <h2>{title}</h2>
      {others.length === 0 ? (
        <p class="quiet">There is no other.</p>
      ) : (
        <ul>
          {others.map((row) => (
            <li>
              <a href={pathOfInvocation(row)}>
                <Time at={row.requestedAt} /> <Text of={row.instanceId} />
              </a>{' '}
              <Status status={row.status} details={row.statusDetails} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Says which of a command's nodes ended otherwise than most of those that are shown. */
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
