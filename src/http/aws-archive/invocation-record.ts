import type { StoredInvocation, StoredPlugin } from '../../archive/find-invocations.ts';
import type { CommandInvocationRecord, CommandPluginRecord } from '../aws/records.ts';
import { cloudWatchMember, notificationMember } from './config-members.ts';
import { present, seconds } from './member.ts';

/** An invocation as the service wrote it: what it left out is left out, what it left empty is empty. */
export function invocationRecord(row: StoredInvocation): CommandInvocationRecord {
  const { commandId, instanceId, isCloudwatchOutputEnabled } = row;
  return {
    CommandId: commandId,
    InstanceId: instanceId,
    ...present({
      InstanceName: row.instanceName,
      Comment: row.comment,
      DocumentName: row.documentName,
      DocumentVersion: row.documentVersion,
      RequestedDateTime: seconds(row.requestedAt),
      Status: row.status,
      StatusDetails: row.statusDetails,
      TraceOutput: row.traceOutput,
      StandardOutputUrl: row.standardOutputUrl,
      StandardErrorUrl: row.standardErrorUrl,
      CommandPlugins: row.plugins.map(pluginRecord),
      ServiceRole: row.serviceRole,
    }),
    ...notificationMember(row.notificationArn, row.notificationEvents, row.notificationType),
    ...cloudWatchMember(row.cloudwatchLogGroup, isCloudwatchOutputEnabled),
  };
}

function pluginRecord(row: StoredPlugin): CommandPluginRecord {
  return present({
    Name: row.name,
    Status: row.status,
    StatusDetails: row.statusDetails,
    ResponseCode: row.responseCode,
    ResponseStartDateTime: seconds(row.startedAt),
    ResponseFinishDateTime: seconds(row.finishedAt),
    Output: row.output,
    StandardOutputUrl: row.standardOutputUrl,
    StandardErrorUrl: row.standardErrorUrl,
    OutputS3Region: row.outputS3Region,
    OutputS3BucketName: row.outputS3BucketName,
    OutputS3KeyPrefix: row.outputS3KeyPrefix,
  });
}
