import { canonicalJson } from '../lib/canonical-json.ts';
import type { NormalizedCommand } from './observed-command.ts';
import { asFlag, asInteger, asListJson, asMembers, asText, asTime, type Members } from './read-member.ts';

const WITH_COLUMNS = new Set(
  [
    'CommandId DocumentName DocumentVersion Comment ExpiresAfter Parameters InstanceIds Targets RequestedDateTime Status',
    'StatusDetails OutputS3Region OutputS3BucketName OutputS3KeyPrefix MaxConcurrency MaxErrors TargetCount CompletedCount',
    'ErrorCount DeliveryTimedOutCount ServiceRole NotificationConfig CloudWatchOutputConfig TimeoutSeconds',
  ].flatMap((line) => line.split(' ')),
);

/** An element of Commands in the archive's columns. Members of an unexpected type become null. */
export function normalizeCommand(members: Members): NormalizedCommand {
  const notification = asMembers(members.NotificationConfig);
  const cloudwatch = asMembers(members.CloudWatchOutputConfig);
  const parameters = asMembers(members.Parameters);
  const others = Object.entries(members).filter(([name]) => !WITH_COLUMNS.has(name));
  return {
    documentName: asText(members.DocumentName),
    documentVersion: asText(members.DocumentVersion),
    comment: asText(members.Comment),
    requestedAt: asTime(members.RequestedDateTime),
    status: asText(members.Status),
    statusDetails: asText(members.StatusDetails),
    parametersJson: parameters ? canonicalJson(parameters) : null,
    instanceIdsJson: asListJson(members.InstanceIds),
    targetsJson: asListJson(members.Targets),
    targetCount: asInteger(members.TargetCount),
    completedCount: asInteger(members.CompletedCount),
    errorCount: asInteger(members.ErrorCount),
    deliveryTimedOutCount: asInteger(members.DeliveryTimedOutCount),
    maxConcurrency: asText(members.MaxConcurrency),
    maxErrors: asText(members.MaxErrors),
    timeoutSeconds: asInteger(members.TimeoutSeconds),
    expiresAt: asTime(members.ExpiresAfter),
    outputS3Region: asText(members.OutputS3Region),
    outputS3BucketName: asText(members.OutputS3BucketName),
    outputS3KeyPrefix: asText(members.OutputS3KeyPrefix),
    serviceRole: asText(members.ServiceRole),
    notificationArn: asText(notification?.NotificationArn),
    notificationEventsJson: asListJson(notification?.NotificationEvents),
    notificationType: asText(notification?.NotificationType),
    cloudwatchLogGroup: asText(cloudwatch?.CloudWatchLogGroupName),
    isCloudwatchOutputEnabled: asFlag(cloudwatch?.CloudWatchOutputEnabled),
    otherMembersJson: others.length > 0 ? canonicalJson(Object.fromEntries(others)) : null,
  };
}
