import type { NormalizedInvocation, NormalizedPlugin } from './observed-invocation.ts';
import { asFlag, asInteger, asListJson, asMembers, asText, asTime, type Members } from './read-member.ts';

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
    instanceName: asText(members.InstanceName),
    comment: asText(members.Comment),
    documentName: asText(members.DocumentName),
    documentVersion: asText(members.DocumentVersion),
    requestedAt: asTime(members.RequestedDateTime),
    status: asText(members.Status),
    statusDetails: asText(members.StatusDetails),
    traceOutput: asText(members.TraceOutput),
    standardOutputUrl: asText(members.StandardOutputUrl),
    standardErrorUrl: asText(members.StandardErrorUrl),
    serviceRole: asText(members.ServiceRole),
    notificationArn: asText(notification?.NotificationArn),
    notificationEventsJson: asListJson(notification?.NotificationEvents),
    notificationType: asText(notification?.NotificationType),
    cloudwatchLogGroup: asText(cloudwatch?.CloudWatchLogGroupName),
    isCloudwatchOutputEnabled: asFlag(cloudwatch?.CloudWatchOutputEnabled),
    plugins: plugins.map((plugin) => normalizePlugin(asMembers(plugin) ?? {}, readOutput)),
  };
}

function normalizePlugin<Output>(members: Members, readOutput: (value: unknown) => Output) {
  return {
    name: asText(members.Name),
    status: asText(members.Status),
    statusDetails: asText(members.StatusDetails),
    responseCode: asInteger(members.ResponseCode),
    startedAt: asTime(members.ResponseStartDateTime),
    finishedAt: asTime(members.ResponseFinishDateTime),
    output: readOutput(members.Output),
    standardOutputUrl: asText(members.StandardOutputUrl),
    standardErrorUrl: asText(members.StandardErrorUrl),
    outputS3Region: asText(members.OutputS3Region),
    outputS3BucketName: asText(members.OutputS3BucketName),
    outputS3KeyPrefix: asText(members.OutputS3KeyPrefix),
  };
}
