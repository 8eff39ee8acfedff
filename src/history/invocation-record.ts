import type { StoredInvocation, StoredPlugin } from '../archive/find-invocations.ts';
import type { CommandInvocationRecord, CommandPluginRecord } from '../http/aws/records.ts';
import { cloudWatchMember, notificationMember } from './config-members.ts';
import { present, seconds } from './member.ts';

/** An invocation as the service wrote it: what it left out is left out, what it left empty is empty. */
export function invocationRecord(row: StoredInvocation): CommandInvocationRecord {
  const { commandId, instanceId, isCloudwatchOutputEnabled } = row;
  return {
    CommandId: commandId,
    InstanceId: instanceId,
    ...present('InstanceName', row.instanceName),
    ...present('Comment', row.comment),
    ...present('DocumentName', row.documentName),
    ...present('DocumentVersion', row.documentVersion),
    ...present('RequestedDateTime', seconds(row.requestedAt)),
    ...present('Status', row.status),
    ...present('StatusDetails', row.statusDetails),
    ...present('TraceOutput', row.traceOutput),
    ...present('StandardOutputUrl', row.standardOutputUrl),
    ...present('StandardErrorUrl', row.standardErrorUrl),
    CommandPlugins: row.plugins.map(pluginRecord),
    ...present('ServiceRole', row.serviceRole),
    ...notificationMember(row.notificationArn, row.notificationEvents, row.notificationType),
    ...cloudWatchMember(row.cloudwatchLogGroup, isCloudwatchOutputEnabled),
  };
}

function pluginRecord(row: StoredPlugin): CommandPluginRecord {
  return {
    ...present('Name', row.name),
    ...present('Status', row.status),
    ...present('StatusDetails', row.statusDetails),
    ...present('ResponseCode', row.responseCode),
    ...present('ResponseStartDateTime', seconds(row.startedAt)),
    ...present('ResponseFinishDateTime', seconds(row.finishedAt)),
    ...present('Output', row.output),
    ...present('StandardOutputUrl', row.standardOutputUrl),
    ...present('StandardErrorUrl', row.standardErrorUrl),
    ...present('OutputS3Region', row.outputS3Region),
    ...present('OutputS3BucketName', row.outputS3BucketName),
    ...present('OutputS3KeyPrefix', row.outputS3KeyPrefix),
  };
}
