import type { StoredCommand } from '../archive/find-commands.ts';
import type { CommandRecord, TargetRecord } from '../http/aws/records.ts';
import { cloudWatchMember, notificationMember } from './config-members.ts';
import { present, seconds } from './member.ts';

/** A command as the service wrote it: what it left out is left out, what it left empty is empty. */
export function commandRecord(row: StoredCommand): CommandRecord {
  return {
    CommandId: row.commandId,
    ...present('DocumentName', row.documentName),
    ...present('DocumentVersion', row.documentVersion),
    ...present('Comment', row.comment),
    ...present('ExpiresAfter', seconds(row.expiresAt)),
    ...present('Parameters', parsed<Record<string, string[]>>(row.parametersJson)),
    ...present('InstanceIds', parsed<string[]>(row.instanceIdsJson)),
    ...present('Targets', parsed<TargetRecord[]>(row.targetsJson)),
    ...present('RequestedDateTime', seconds(row.requestedAt)),
    ...present('Status', row.status),
    ...present('StatusDetails', row.statusDetails),
    ...present('OutputS3Region', row.outputS3Region),
    ...present('OutputS3BucketName', row.outputS3BucketName),
    ...present('OutputS3KeyPrefix', row.outputS3KeyPrefix),
    ...present('MaxConcurrency', row.maxConcurrency),
    ...present('MaxErrors', row.maxErrors),
    ...present('TargetCount', row.targetCount),
    ...present('CompletedCount', row.completedCount),
    ...present('ErrorCount', row.errorCount),
    ...present('DeliveryTimedOutCount', row.deliveryTimedOutCount),
    ...present('ServiceRole', row.serviceRole),
    ...notificationMember(row.notificationArn, row.notificationEventsJson, row.notificationType),
    ...cloudWatchMember(row.cloudwatchLogGroup, row.isCloudwatchOutputEnabled),
    ...present('TimeoutSeconds', row.timeoutSeconds),
    ...parsed<object>(row.otherMembersJson),
  };
}

function parsed<Value>(json: string | null): Value | null {
  return json === null ? null : (JSON.parse(json) as Value);
}
