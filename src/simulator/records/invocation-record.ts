import { arn } from '../../http/aws/arn.ts';
import type { CommandInvocationRecord, CommandPluginRecord } from '../../http/aws/records.ts';
import { fraction } from '../draw.ts';
import type { SimulatorFaults } from '../faults.ts';
import type { CommandPlan } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { type InvocationPlan, planInvocation } from '../fleet/plan-invocation.ts';
import { outputUrl } from '../outputs/output-url.ts';
import { stepOutput } from '../outputs/step-output.ts';
import { invocationState, type State, stepState } from './invocation-state.ts';

/** Faults that change what the service says about an invocation. */
export type RecordFaults = Pick<SimulatorFaults, 'fewerPlugins' | 'unmodelledMembers' | 'unknownStatuses'>;

/** 0001-01-01T00:00:00Z in epoch seconds: the service's zero time, for events that have not happened. */
const NOT_YET = -62_135_596_800;
const FORGETS_PLUGIN_AFTER_MS = 3_600_000;
const UNKNOWN: State = { status: 'Superseded', details: 'SupersededByOperator' };

/**
 * Returns Status and StatusDetails as the service sends them; a fault may replace them by values that no API model has.
 */
export function shownState(plan: InvocationPlan, nowMs: number, faults: RecordFaults): State {
  const isUnknown = nowMs >= plan.endMs && fraction(plan.key, 20) < faults.unknownStatuses;
  return isUnknown ? UNKNOWN : invocationState(plan, nowMs);
}

/** Returns what ListCommandInvocations says about an invocation at a given time. */
export function invocationRecord(
  site: Site,
  command: CommandPlan,
  target: number,
  nowMs: number,
  faults: RecordFaults,
  details: boolean,
): CommandInvocationRecord {
  const node = site.node(command, target);
  const plan = planInvocation(command, target, node);
  const { status, details: statusDetails } = shownState(plan, nowMs, faults);
  const { logGroup, topicArnName } = command;
  const record: CommandInvocationRecord = {
    CommandId: command.id,
    InstanceId: node.instanceId,
    InstanceName: node.name,
    Comment: command.comment,
    DocumentName: command.document.name,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: plan.requestedMs / 1000,
    Status: status,
    StatusDetails: statusDetails,
    ...(plan.trace !== undefined && nowMs >= plan.endMs && { TraceOutput: plan.trace }),
    StandardOutputUrl: outputUrl('stdout', site.region, command, node.instanceId),
    StandardErrorUrl: outputUrl('stderr', site.region, command, node.instanceId),
    CommandPlugins: details ? pluginRecords(site, command, target, plan, nowMs, faults) : [],
    ServiceRole: topicArnName && arn(site, 'iam', 'role/SsmNotifications'),
    NotificationConfig: {
      NotificationArn: topicArnName && arn(site, 'sns', topicArnName),
      NotificationEvents: topicArnName ? ['Failed', 'TimedOut'] : [],
      NotificationType: topicArnName && 'Invocation',
    },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: logGroup, CloudWatchOutputEnabled: logGroup !== '' },
  };
  if (!faults.unmodelledMembers) return record;
  return { ...record, ...{ ClientId: node.host, Priority: { Rank: command.size, Lanes: ['a', ''] } } };
}

function pluginRecords(
  site: Site,
  command: CommandPlan,
  target: number,
  plan: InvocationPlan,
  nowMs: number,
  faults: RecordFaults,
): CommandPluginRecord[] {
  const node = site.node(command, target);
  const records = plan.steps.map((step, index): CommandPluginRecord => {
    const isOver = nowMs >= step.endMs;
    const isStarted = step.startMs !== undefined && nowMs >= step.startMs;
    const isUnknown = nowMs >= plan.endMs && fraction(plan.key, 20) < faults.unknownStatuses;
    const { status, details } = isUnknown ? UNKNOWN : stepState(step, nowMs);
    return {
      Name: command.document.steps[index]?.name ?? '',
      Status: status,
      StatusDetails: details,
      ResponseCode: isOver ? step.code : -1,
      ResponseStartDateTime: isStarted && step.startMs !== undefined ? step.startMs / 1000 : NOT_YET,
      ResponseFinishDateTime: isOver && isStarted ? step.endMs / 1000 : NOT_YET,
      Output: isOver && isStarted ? stepOutput(command, plan, index, node).shown : '',
      StandardOutputUrl: outputUrl('stdout', site.region, command, node.instanceId, index),
      StandardErrorUrl: outputUrl('stderr', site.region, command, node.instanceId, index),
      OutputS3Region: site.region,
      OutputS3BucketName: command.bucket,
      OutputS3KeyPrefix: command.keyPrefix,
      ...(faults.unmodelledMembers && { RetryCount: index }),
    };
  });
  const isForgetful = nowMs > plan.endMs + FORGETS_PLUGIN_AFTER_MS && fraction(plan.key, 21) < faults.fewerPlugins;
  return isForgetful && records.length > 1 ? records.slice(0, -1) : records;
}
