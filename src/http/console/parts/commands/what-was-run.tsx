import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ReadCommand } from '../../../../archive/commands/read-command.ts';
import type { ShownCommand } from '../../../../archive/commands/shown-command.ts';
import { textOfTarget, textOfValues } from '../../../../archive/commands/text-of-values.ts';
import { NumberedText } from '../outputs/numbered-text.tsx';
import { count, durationText, Text, Time } from '../values/values.tsx';

/** The member is shown elsewhere on the page. */
const ELSEWHERE = undefined;

type Fact = readonly [name: string, value: JSX.Element | string | undefined];

/** Where the section shows each member of a command, in its order. */
function factsOf(command: ReadCommand): Readonly<Record<keyof ShownCommand, Fact | undefined>> {
  return {
    documentName: ELSEWHERE,
    comment: ELSEWHERE,
    requestedAt: ELSEWHERE,
    status: ELSEWHERE,
    statusDetails: ELSEWHERE,
    parameters: ELSEWHERE,
    documentVersion: ['Document version', text(command.documentVersion)],
    targets: ['Targets', given(command.targets) && <Targets targets={command.targets ?? []} />],
    instanceIds: ['Nodes named', given(command.instanceIds) && list(command.instanceIds ?? [])],
    targetCount: ['Targets found', number(command.targetCount)],
    completedCount: ['Ended', number(command.completedCount)],
    errorCount: ['Ended with an error', number(command.errorCount)],
    deliveryTimedOutCount: ['Never delivered in time', number(command.deliveryTimedOutCount)],
    maxConcurrency: ['At most at once', text(command.maxConcurrency)],
    maxErrors: ['Stops after errors', text(command.maxErrors)],
    timeoutSeconds: [
      'Delivery time-out',
      command.timeoutSeconds === null ? undefined : durationText(command.timeoutSeconds * 1000),
    ],
    expiresAt: ['Expires', command.expiresAt === null ? undefined : <Time at={command.expiresAt} />],
    serviceRole: ['Service role', text(command.serviceRole)],
    notificationArn: ['Notifies', text(command.notificationArn)],
    notificationEvents: ['Notifies of', given(command.notificationEvents) && list(command.notificationEvents ?? [])],
    notificationType: ['Notifies for each', text(command.notificationType)],
    outputS3BucketName: ['S3 bucket for outputs', text(command.outputS3BucketName)],
    outputS3KeyPrefix: ['S3 key prefix', text(command.outputS3KeyPrefix)],
    outputS3Region: ['S3 region', text(command.outputS3Region)],
    cloudwatchLogGroup: ['Log group', text(command.cloudwatchLogGroup)],
    isCloudwatchOutputEnabled: [
      'Outputs to CloudWatch Logs',
      command.isCloudwatchOutputEnabled === null ? undefined : command.isCloudwatchOutputEnabled ? 'yes' : 'no',
    ],
    otherMembers: ELSEWHERE,
  };
}

/** What a command ran and how: parameters with the lines of scripts, targets, limits and where outputs go. */
export function WhatWasRun({ command }: { command: ReadCommand }) {
  const facts: readonly Fact[] = Object.values(factsOf(command)).filter((fact) => fact !== undefined);
  // Parameters of an unexpected type are among the other members.
  const others = command.otherMembers ?? {};
  return (
    <section id="what-was-run">
      <h2>What was run</h2>
      {!command.isListed && (
        <p class="note">
          Parameters and targets are not known: ListCommands has never shown this command to the archive. What is here
          comes from its invocations.
        </p>
      )}
      <dl class="facts">
        {facts.flatMap(([name, value]) => (value === undefined ? [] : [<dt>{name}</dt>, <dd>{value}</dd>]))}
      </dl>
      {command.isListed && !('Parameters' in others) && <Parameters parameters={command.parameters ?? {}} />}
      {Object.entries(others).map(([name, value]) => (
        <Parameter name={name} value={value} />
      ))}
    </section>
  );
}

function Parameters({ parameters }: { parameters: Record<string, unknown> }) {
  const entries = Object.entries(parameters);
  if (entries.length === 0)
    return <p class="quiet">The service showed no parameters: the document ran with its own.</p>;
  return (
    <>
      {entries.map(([name, value]) => (
        <Parameter name={name} value={value} />
      ))}
    </>
  );
}

function Parameter({ name, value }: { name: string; value: unknown }) {
  const text = textOf(value);
  const ends = lineEnds(text);
  return (
    <>
      <h3 class="mono">
        <Text of={name} />
      </h3>
      <NumberedText text={text} />
      {ends !== undefined && <p class="quiet">{ends}</p>}
    </>
  );
}

/** Says which lines end with CR LF: numbered lines do not show it, and a shell may fail because of it. */
function lineEnds(text: string): string | undefined {
  const lines = text.replace(/\n$/, '').split('\n');
  const found = lines.filter((line) => line.endsWith('\r')).length;
  if (found === 0) return undefined;
  if (found === lines.length) return 'All lines end with CR LF.';
  return `${found} of ${lines.length} lines ${found === 1 ? 'ends' : 'end'} with CR LF.`;
}

/** Each element of a list of texts is a line of its own: so scripts are sent. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('\n');
  return JSON.stringify(value, undefined, 2);
}

/** `tag:Name = web, db`, a target a line. */
function Targets({ targets }: { targets: readonly unknown[] }) {
  return (
    <ul class="plain">
      {targets.map((target) => (
        <li>
          <Text of={textOfTarget(target)} />
        </li>
      ))}
    </ul>
  );
}

function list(values: readonly unknown[]): JSX.Element {
  return <Text of={textOfValues(values)} />;
}

function given(values: readonly unknown[] | null): true | undefined {
  return values !== null && values.length > 0 ? true : undefined;
}

function text(value: string | null): JSX.Element | undefined {
  return value === null || value === '' ? undefined : <Text of={value} />;
}

function number(value: number | null): string | undefined {
  return value === null ? undefined : count(value);
}
