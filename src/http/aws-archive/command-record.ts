import type { StoredCommand } from '../../archive/find-commands.ts';
import type { CommandRecord, TargetRecord } from '../aws/records.ts';
import { cloudWatchMember, notificationMember } from './config-members.ts';
import { present, seconds } from './member.ts';

/** A command as the service wrote it: what it left out is left out, what it left empty is empty. */
export function commandRecord(row: StoredCommand): CommandRecord {
  return {
    CommandId: row.commandId,
    ...present({
      DocumentName: row.documentName,
      DocumentVersion: row.documentVersion,
      Comment: row.comment,
      ExpiresAfter: seconds(row.expiresAt),
      Parameters: parsed<Record<string, string[]>>(row.parametersJson),
      InstanceIds: parsed<string[]>(row.instanceIdsJson),
      Targets: parsed<TargetRecord[]>(row.targetsJson),
      RequestedDateTime: seconds(row.requestedAt),
      Status: row.status,
      StatusDetails: row.statusDetails,
      OutputS3Region: row.outputS3Region,
      OutputS3BucketName: row.outputS3BucketName,
      OutputS3KeyPrefix: row.outputS3KeyPrefix,
      MaxConcurrency: row.maxConcurrency,
      MaxErrors: row.maxErrors,
      TargetCount: row.targetCount,
      CompletedCount: row.completedCount,
      ErrorCount: row.errorCount,
      DeliveryTimedOutCount: row.deliveryTimedOutCount,
      ServiceRole: row.serviceRole,
    }),
    ...notificationMember(row.notificationArn, row.notificationEventsJson, row.notificationType),
    ...cloudWatchMember(row.cloudwatchLogGroup, row.isCloudwatchOutputEnabled),
    ...present({ TimeoutSeconds: row.timeoutSeconds }),
    ...parsed<object>(row.otherMembersJson),
  };
}

function parsed<Value>(json: string | null): Value | null {
  return json === null ? null : (JSON.parse(json) as Value);
}
