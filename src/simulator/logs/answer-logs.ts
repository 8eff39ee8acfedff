import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { arn } from '../../http/aws/arn.ts';
import { AwsError } from '../../http/aws/aws-error.ts';
import { readCredential } from '../../http/aws/read-credential.ts';
import { faultsOf } from '../../lib/words/own-words.ts';
import type { Callers } from '../create-callers.ts';
import type { SimulatorFaults } from '../faults.ts';
import { LOG_GROUP } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { endedStep } from '../outputs/ended-step.ts';
import { logStreamName } from '../outputs/output-url.ts';
import type { Recall } from '../outputs/remember-last.ts';
import { type StreamName, sizeOfStream, wholeStream } from '../outputs/step-output.ts';
import { type EventsPage, pageEvents } from './page-events.ts';
import { type LogEvent, splitEvents } from './split-events.ts';

export interface LogsContext {
  readonly sites: readonly Site[];
  readonly callers: Callers;
  readonly faults: SimulatorFaults;
  /** The service's clock. */
  readonly now: () => Date;
  readonly random: () => number;
  readonly recall: Recall<readonly LogEvent[]>;
}

/** What X-Amz-Target begins with. */
export const LOGS_TARGET = 'Logs_20140328.';
/** The only operation that there is. */
const OPERATION = 'GetLogEvents';
const MOST_EVENTS = 10_000;
const STREAM = /^([^/]+)\/([^/]+)\/(.+)\/(stdout|stderr)$/;

const time = z.number().int().nonnegative().optional();
const Input = z.object({
  logGroupName: z.string().min(1).optional(),
  logGroupIdentifier: z.string().min(1).optional(),
  logStreamName: z.string().min(1),
  startTime: time,
  endTime: time,
  nextToken: z.string().min(1).optional(),
  limit: z.number().int().min(1).max(MOST_EVENTS).default(MOST_EVENTS),
  startFromHead: z.boolean().default(false),
});

/** Answers CloudWatch Logs in AWS JSON 1.1: GetLogEvents of the streams that the fleet's nodes write. */
export function answerLogs(context: LogsContext, request: Request, body: string): Response {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
    date: context.now().toUTCString(),
  };
  try {
    return new Response(JSON.stringify(getLogEvents(context, request, body)), { headers });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const reply = { __type: error.code, ...(error.text !== undefined && { message: error.text }) };
    return new Response(JSON.stringify(reply), { status: error.status, headers });
  }
}

function getLogEvents(context: LogsContext, request: Request, body: string): EventsPage {
  const { callers, faults, random } = context;
  const operation = (request.headers.get('x-amz-target') ?? '').slice(LOGS_TARGET.length);
  const json = parseBody(body);
  if (operation !== OPERATION) throw new AwsError('UnknownOperationException');
  const credential = readCredential(request.headers, new URL(request.url).searchParams);
  const input = Input.safeParse(json);
  const group = input.data ? groupOf(input.data) : '';
  const stream = input.data?.logStreamName ?? '';
  const place = { accountId: callers.accountOf(credential.accessKeyId), region: credential.region };
  const scope = callers.resolveScope(credential, {
    operation,
    action: `logs:${operation}`,
    resource: arn(place, 'logs', `log-group:${group}:log-stream:${stream}`),
    store: group,
  });
  if (!input.success) throw new AwsError('InvalidParameterException', faultOf(input.error));
  const site = context.sites.find(({ accountId, region }) => accountId === scope.accountId && region === scope.region);
  if (!site || group !== LOG_GROUP || faults.deletedStores.includes(group)) {
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken, limit, startFromHead } = input.data;
  const events = eventsOf(context, site, stream);
  if (!events) throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  return pageEvents(
    events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime),
    {
      stream: `${group}:${stream}`,
      token: nextToken,
      limit,
      isFromHead: startFromHead,
      isEmpty: faults.emptyPageRate > 0 && random() < faults.emptyPageRate,
    },
  );
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException');
  }
}

/** The name of the group, which may be given by its ARN too. */
function groupOf({ logGroupName, logGroupIdentifier = '' }: z.infer<typeof Input>): string {
  return logGroupName ?? logGroupIdentifier.replace(/^arn:[^:]+:logs:[^:]*:\d*:log-group:/, '');
}

function faultOf(error: z.ZodError): string {
  const [fault] = faultsOf(error, 1);
  return `1 validation error detected: Value at '${fault?.path.join('.')}' failed to satisfy constraint: ${fault?.message}`;
}

/** The events of a stream that the group still has, or undefined if there was never such a stream. */
function eventsOf(
  { faults, now, recall }: LogsContext,
  site: Site,
  streamName: string,
): readonly LogEvent[] | undefined {
  const [, id = '', instanceId = '', , last] = STREAM.exec(streamName) ?? [];
  const command = site.commandById(id);
  const target = command && site.targetOf(command, instanceId);
  if (!command || command.logGroup === '' || target === undefined) return undefined;
  const stream: StreamName = last === 'stderr' ? 'stderr' : 'stdout';
  const index = command.document.steps.findIndex(
    (_, step) => logStreamName(stream, command, instanceId, step) === streamName,
  );
  const nowMs = now().getTime();
  const step = endedStep(site, command, target, index, nowMs);
  // The agent makes the stream with the first event, so an empty output has none.
  if (!step || sizeOfStream(step.output[stream]) === 0) return undefined;
  const events = recall(streamName, () => splitEvents(wholeStream(step.output[stream]), step.startMs, step.endMs));
  if (faults.logRetentionMs === 0) return events;
  return events.filter(({ timestamp }) => nowMs - timestamp <= faults.logRetentionMs);
}
