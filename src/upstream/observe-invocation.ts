import { canonicalJson } from '../lib/canonical-json.ts';
import type {
  NormalizedInvocation,
  NormalizedOutput,
  NormalizedPlugin,
  ObservedInvocation,
} from '../lib/observed-invocation.ts';
import { sha256 } from '../lib/sha256.ts';
import { isoFromMs } from '../lib/time.ts';
import { ReplyUnreadable } from './errors.ts';

type Members = Record<string, unknown>;

const FINGERPRINT_BYTES = 16;

/**
 * One element of CommandInvocations, as parsed from the reply and untouched by the SDK's deserializer, which drops what
 * its model does not name. Members of an unexpected type become null in their column; the state keeps them.
 * Throws ReplyUnreadable for an element that has no CommandId or InstanceId, since nothing could be filed under it.
 */
export function observeInvocation(raw: unknown): ObservedInvocation {
  const members = record(raw);
  const commandId = text(members?.CommandId);
  const instanceId = text(members?.InstanceId);
  if (!members || !commandId || !instanceId) {
    throw new ReplyUnreadable('The reply holds an invocation without a CommandId or an InstanceId.');
  }
  let normalized: NormalizedInvocation | undefined;
  return {
    commandId,
    instanceId,
    fingerprint: sha256(JSON.stringify(members)).subarray(0, FINGERPRINT_BYTES),
    normalize() {
      normalized ??= normalizeInvocation(members);
      return normalized;
    },
  };
}

function normalizeInvocation(members: Members): NormalizedInvocation {
  const rawPlugins: unknown[] = Array.isArray(members.CommandPlugins) ? members.CommandPlugins : [];
  const plugins = rawPlugins.map((plugin) => normalizePlugin(record(plugin) ?? {}));
  const notification = record(members.NotificationConfig);
  const cloudwatch = record(members.CloudWatchOutputConfig);
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
    plugins,
    stateJson: canonicalJson(
      rawPlugins.length === 0
        ? members
        : { ...members, CommandPlugins: rawPlugins.map((raw, i) => pluginState(raw, plugins[i])) },
    ),
  };
}

function normalizePlugin(members: Members): NormalizedPlugin {
  return {
    name: text(members.Name),
    status: text(members.Status),
    statusDetails: text(members.StatusDetails),
    responseCode: Number.isSafeInteger(members.ResponseCode) ? Number(members.ResponseCode) : null,
    startedAt: time(members.ResponseStartDateTime),
    finishedAt: time(members.ResponseFinishDateTime),
    output: outputOf(members.Output),
    standardOutputUrl: text(members.StandardOutputUrl),
    standardErrorUrl: text(members.StandardErrorUrl),
    outputS3Region: text(members.OutputS3Region),
    outputS3BucketName: text(members.OutputS3BucketName),
    outputS3KeyPrefix: text(members.OutputS3KeyPrefix),
  };
}

/** An output with a lone surrogate has no UTF-8 bytes to digest or store as they are: the state keeps it in itself. */
function pluginState(raw: unknown, plugin: NormalizedPlugin | undefined): unknown {
  const members = record(raw);
  if (!members || !plugin?.output || plugin.output.text !== members.Output) return raw;
  return { ...members, Output: { sha256: plugin.output.sha256.toString('hex') } };
}

function outputOf(value: unknown): NormalizedOutput | null {
  if (typeof value !== 'string') return null;
  const wellFormed = value.toWellFormed();
  return { text: wellFormed, sha256: sha256(wellFormed) };
}

function record(value: unknown): Members | undefined {
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Members {
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
