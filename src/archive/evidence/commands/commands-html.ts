import { OTHER_MEMBERS } from '../../../ledger/entries/command-entry.ts';
import type { SenderView } from '../../commands/get-sender.ts';
import type { ShownCommand } from '../../commands/shown-command.ts';
import { textOfTarget, textOfValues } from '../../commands/text-of-values.ts';
import { type EvidenceSummary, FILES, REDACTED } from '../evidence.ts';
import { numberedLines } from '../numbered-lines.ts';
import { shownLine } from '../shown-line.ts';
import type { ListedCommand } from './write-commands.ts';

/** A fact about a command, as HTML; undefined if there is nothing to say, or if it is said in another place. */
type Fact = readonly [name: string, html: string | undefined];

/** The section of the page that says what was run. No value can become markup or be invisible. */
export function commandsHtml({ commands }: EvidenceSummary, listed: readonly ListedCommand[]): string {
  if (commands === 0) return '';
  const more =
    commands > listed.length ? `<p>${commands - listed.length} more are in <code>${FILES.commandCsv}</code>.</p>` : '';
  return `<h2>What was run</h2>\n${listed.map(commandHtml).join('\n')}${more}\n`;
}

function commandHtml(command: ListedCommand): string {
  const { row, hidden, sender } = command;
  const facts = [...Object.values(factsOf(command)), ['Sent by', senderHtml(sender)] as const];
  const list = facts.flatMap(([name, html]) =>
    html === undefined || html === '' ? [] : `<dt>${name}</dt><dd>${html}</dd>`,
  );
  const where = [row.documentName ?? '(no document)', row.commandId, row.accountId, row.region].map(shownLine);
  const unlisted =
    row.seenIn === 'ListCommandInvocations'
      ? '<p>Parameters and targets are not known: the service had not listed this command. What is here comes from its invocations.</p>'
      : '';
  const parameters = hidden.has('parameters') ? [] : Object.entries(row.parameters ?? {});
  const others = Object.entries(row.otherMembers ?? {});
  return `<section class="command"><h3>${where.join(' · ')}</h3>${unlisted}<dl>${list.join('')}</dl>
${[...parameters, ...others].map(([name, value]) => `<h4>${shownLine(name)}</h4>${numberedLines(textOf(value))}`).join('\n')}</section>`;
}

/** What the page says of each member of a command, in its order. */
function factsOf({ row, hidden }: ListedCommand): Readonly<Record<keyof ShownCommand, Fact>> {
  const shown = (name: keyof ShownCommand, value: string | number | boolean | null | undefined) =>
    hidden.has(name) ? REDACTED : shownLine(value === null || value === undefined ? '' : String(value));
  const list = (name: 'instanceIds' | 'notificationEvents') => shown(name, textOfValues(row[name] ?? []));
  return {
    status: ['Status', shown('status', statusText(row))],
    statusDetails: ['Status details', undefined],
    documentName: ['Document', shown('documentName', row.documentName)],
    documentVersion: ['Document version', shown('documentVersion', row.documentVersion)],
    comment: ['Comment', shown('comment', row.comment)],
    requestedAt: ['Requested', shown('requestedAt', row.requestedAt)],
    expiresAt: ['Expires', shown('expiresAt', row.expiresAt)],
    parameters: ['Parameters', parametersFact(row, hidden)],
    instanceIds: ['Nodes named', list('instanceIds')],
    targets: ['Targets', hidden.has('targets') ? REDACTED : row.targets?.map(textOfTarget).map(shownLine).join('<br>')],
    targetCount: ['Targets found', shown('targetCount', row.targetCount)],
    completedCount: ['Ended', shown('completedCount', row.completedCount)],
    errorCount: ['Ended with an error', shown('errorCount', row.errorCount)],
    deliveryTimedOutCount: ['Never delivered in time', shown('deliveryTimedOutCount', row.deliveryTimedOutCount)],
    maxConcurrency: ['At most at once', shown('maxConcurrency', row.maxConcurrency)],
    maxErrors: ['Stops after errors', shown('maxErrors', row.maxErrors)],
    timeoutSeconds: ['Delivery time-out in seconds', shown('timeoutSeconds', row.timeoutSeconds)],
    serviceRole: ['Service role', shown('serviceRole', row.serviceRole)],
    notificationArn: ['Notifies', shown('notificationArn', row.notificationArn)],
    notificationEvents: ['Notifies of', list('notificationEvents')],
    notificationType: ['Notifies for each', shown('notificationType', row.notificationType)],
    outputS3BucketName: ['S3 bucket for outputs', shown('outputS3BucketName', row.outputS3BucketName)],
    outputS3KeyPrefix: ['S3 key prefix', shown('outputS3KeyPrefix', row.outputS3KeyPrefix)],
    outputS3Region: ['S3 region', shown('outputS3Region', row.outputS3Region)],
    cloudwatchLogGroup: ['Log group', shown('cloudwatchLogGroup', row.cloudwatchLogGroup)],
    isCloudwatchOutputEnabled: [
      'Outputs to CloudWatch Logs',
      shown('isCloudwatchOutputEnabled', row.isCloudwatchOutputEnabled),
    ],
    otherMembers: [OTHER_MEMBERS, undefined],
  };
}

function statusText({ status, statusDetails }: ShownCommand): string {
  const hasDetails = statusDetails !== null && statusDetails !== '' && statusDetails !== status;
  return hasDetails ? `${status ?? '(none)'}: ${statusDetails}` : (status ?? '');
}

/** Says why no parameters follow; undefined if they do. */
function parametersFact(row: ListedCommand['row'], hidden: ReadonlySet<string>): string | undefined {
  if (hidden.has('parameters')) return REDACTED;
  if (row.seenIn === 'ListCommandInvocations' || Object.keys(row.parameters ?? {}).length > 0) return undefined;
  if (row.otherMembers && 'Parameters' in row.otherMembers) return undefined;
  return 'The service showed none: the document ran with its own.';
}

function senderHtml(sender: SenderView | typeof REDACTED | undefined): string {
  if (sender === undefined) return 'not known: no event of CloudTrail was imported for it';
  if (sender === REDACTED) return REDACTED;
  const { principalArn, principalType, invokedBy, sourceIpAddress, userAgent, eventAt } = sender;
  return [
    principalArn ?? principalType,
    invokedBy !== null && `by ${invokedBy}`,
    sourceIpAddress !== null && `from ${sourceIpAddress}`,
    userAgent !== null && `with ${userAgent}`,
    `at ${eventAt}`,
  ]
    .filter((part) => part !== false && part !== null)
    .map((part) => shownLine(String(part)))
    .join(', ');
}

/** Scripts are sent as a list of texts: each is a line. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
    return value.join('\n');
  return JSON.stringify(value, undefined, 2);
}
