import { arn } from '../../http/aws/arn.ts';
import type { CommandRecord } from '../../http/aws/records.ts';
import type { FinalStatus } from '../../model/final-status.ts';
import type { CommandPlan } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { type InvocationPlan, planInvocation } from '../fleet/plan-invocation.ts';
import type { RecordFaults } from './invocation-record.ts';
import type { State } from './invocation-state.ts';

interface Tally {
  readonly state: State;
  readonly completed: number;
  readonly errors: number;
  readonly deliveryTimeouts: number;
}

/** Returns Status and StatusDetails of a command at a given time. It executes until its last invocation has ended. */
export function commandState(site: Site, command: CommandPlan, nowMs: number): State {
  return tally(site, command, nowMs).state;
}

/** Returns what ListCommands says about a command at a given time. */
export function commandRecord(site: Site, command: CommandPlan, nowMs: number, faults: RecordFaults): CommandRecord {
  const { document, logGroup, topicArnName, isByTag, size } = command;
  const { state, completed, errors, deliveryTimeouts } = tally(site, command, nowMs);
  const record: CommandRecord = {
    CommandId: command.id,
    DocumentName: document.name,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: (command.requestedMs + command.timeoutSeconds * 1000 + command.executionTimeoutMs) / 1000,
    Parameters: document.parameters,
    InstanceIds: isByTag ? [] : Array.from({ length: size }, (_, target) => site.node(command, target).instanceId),
    Targets: isByTag ? [{ Key: 'tag:PatchGroup', Values: ['prod', 'stage'] }] : [],
    RequestedDateTime: command.requestedMs / 1000,
    Status: state.status,
    StatusDetails: state.details,
    OutputS3Region: site.region,
    OutputS3BucketName: command.bucket,
    OutputS3KeyPrefix: command.keyPrefix,
    MaxConcurrency: command.maxConcurrency,
    MaxErrors: '100%',
    TargetCount: size,
    CompletedCount: completed,
    ErrorCount: errors,
    DeliveryTimedOutCount: deliveryTimeouts,
    ServiceRole: topicArnName && arn(site, 'iam', 'role/SsmNotifications'),
    NotificationConfig: {
      NotificationArn: topicArnName && arn(site, 'sns', topicArnName),
      NotificationEvents: topicArnName ? ['Failed', 'TimedOut'] : [],
      NotificationType: topicArnName && 'Invocation',
    },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: logGroup, CloudWatchOutputEnabled: logGroup !== '' },
    TimeoutSeconds: command.timeoutSeconds,
  };
  return faults.unmodelledMembers ? { ...record, ...{ HibernationPolicy: '' } } : record;
}

function tally(site: Site, command: CommandPlan, nowMs: number): Tally {
  let completed = 0;
  let errors = 0;
  let deliveryTimeouts = 0;
  let isStarted = false;
  let worst: Pick<InvocationPlan, 'status' | 'details'> = { status: 'Success', details: 'Success' };
  for (let target = 0; target < command.size; target++) {
    const plan = planInvocation(command, target, site.node(command, target));
    isStarted ||= plan.startMs !== undefined && nowMs >= plan.startMs;
    if (nowMs < plan.endMs) continue;
    completed++;
    if (plan.details === 'DeliveryTimedOut') deliveryTimeouts++;
    else if (plan.status === 'Failed' || plan.details === 'ExecutionTimedOut') errors++;
    if (RANKS[plan.status] > RANKS[worst.status]) worst = { status: plan.status, details: plan.details };
  }
  const counts = { completed, errors, deliveryTimeouts };
  if (completed === command.size) return { state: worst, ...counts };
  const status = isStarted || completed > 0 ? 'InProgress' : 'Pending';
  return { state: { status, details: status }, ...counts };
}

/** A command's final status is the status of its worst invocation. */
const RANKS: Readonly<Record<FinalStatus, number>> = { Success: 0, Cancelled: 1, TimedOut: 2, Failed: 3 };
