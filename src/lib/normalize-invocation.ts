import { canonicalJson } from './canonical-json.ts';
import type { NormalizedInvocation, NormalizedPlugin } from './observed-invocation.ts';
import { isoFromMs } from './time.ts';

export type Members = Record<string, unknown>;

/** An invocation's columns, with its steps' outputs in the caller's form. */
export type InvocationColumns<Output> = Omit<NormalizedInvocation, 'plugins' | 'stateJson'> & {
  plugins: (Omit<NormalizedPlugin, 'output'> & { output: Output })[];
};

/**
 * An element of CommandInvocations in the archive's columns. Members of an unexpected type become null. `readOutput` is
 * given each step's Output as it stands there: text in a reply, a digest in a revision.
 */
export function normalizeInvocation<Output>(
  members: Members,
  readOutput: (value: unknown) => Output,
): InvocationColumns<Output> {
  const plugins: unknown[] = Array.isArray(members.CommandPlugins) ? members.CommandPlugins : [];
  const notification = asMembers(members.NotificationConfig);
  const cloudwatch = asMembers(members.CloudWatchOutputConfig);
  return {
    instanceName: text(members.InstanceName),
    comment: text(members.Comment),
    documentName: text(members.DocumentName),
    documentVersion: text(members.DocumentVersion),
    requestedAt: time(members.RequestedDateTime),
    status: text(members.Status),
    statusDetails: text(members.StatusDetails),
    traceOutput: text(members.TraceOutput),
    standardOutputUrl: text(members.StandardOutputUrl),
    standardErrorUrl: text(members.StandardErrorUrl),
    serviceRole: text(members.ServiceRole),
    notificationArn: text(notification?.NotificationArn),
    notificationEventsJson: Array.isArray(notification?.NotificationEvents)
      ? canonicalJson(notification.NotificationEvents)
      : null,
    notificationType: text(notification?.NotificationType),
    cloudwatchLogGroup: text(cloudwatch?.CloudWatchLogGroupName),
    isCloudwatchOutputEnabled: flag(cloudwatch?.CloudWatchOutputEnabled),
    plugins: plugins.map((plugin) => normalizePlugin(asMembers(plugin) ?? {}, readOutput)),
  };
}

function normalizePlugin<Output>(members: Members, readOutput: (value: unknown) => Output) {
  return {
    name: text(members.Name),
    status: text(members.Status),
    statusDetails: text(members.StatusDetails),
    responseCode: Number.isSafeInteger(members.ResponseCode) ? Number(members.ResponseCode) : null,
    startedAt: time(members.ResponseStartDateTime),
    finishedAt: time(members.ResponseFinishDateTime),
    output: readOutput(members.Output),
    standardOutputUrl: text(members.StandardOutputUrl),
    standardErrorUrl: text(members.StandardErrorUrl),
    outputS3Region: text(members.OutputS3Region),
    outputS3BucketName: text(members.OutputS3BucketName),
    outputS3KeyPrefix: text(members.OutputS3KeyPrefix),
  };
}

/** The value as an object's members, or undefined where it is none. */
export function asMembers(value: unknown): Members | undefined {
  return isMembers(value) ? value : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A lone surrogate has no UTF-8 form: the column has U+FFFD in its place, the state has it exactly. */
function text(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}

function flag(value: unknown): 0 | 1 | null {
  return typeof value === 'boolean' ? (value ? 1 : 0) : null;
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;
const YEAR_1_MS = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000_MS = Date.UTC(10_000, 0);

/**
 * AWS JSON 1.1 has epoch seconds; an ISO text, which some emulators send, is read as well. Null for what is no time, or
 * lies outside the years 1 to 9999, where text order would no longer be time order.
 */
function time(value: unknown): string | null {
  const isText = typeof value === 'string' && ISO_TIME.test(value);
  const ms = typeof value === 'number' ? Math.round(value * 1000) : isText ? Date.parse(value) : Number.NaN;
  return ms >= YEAR_1_MS && ms < YEAR_10000_MS ? isoFromMs(ms) : null;
}
