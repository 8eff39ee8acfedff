import { chooseStep } from '../../http/aws/choose-step.ts';
import { isoDuration } from '../../http/aws/iso-duration.ts';
import type { InvocationResultRecord } from '../../http/aws/records.ts';
import { CONTENT_LIMIT_BYTES, cutContent } from '../../model/step-content.ts';
import type { CommandPlan } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { planInvocation } from '../fleet/plan-invocation.ts';
import { outputUrl } from '../outputs/output-url.ts';
import { stepOutput, wholeStream } from '../outputs/step-output.ts';
import { isUnknown, type RecordFaults, UNKNOWN } from './invocation-record.ts';
import { stepState } from './invocation-state.ts';

/**
 * Returns what GetCommandInvocation says about a step at a given time. Throws InvalidPluginName if there is no such
 * step.
 */
export function invocationResult(
  site: Site,
  command: CommandPlan,
  target: number,
  pluginName: string | undefined,
  nowMs: number,
  faults: RecordFaults,
): InvocationResultRecord {
  const node = site.node(command, target);
  const plan = planInvocation(command, target, node);
  const names = command.document.steps.map(({ name }) => name);
  const index = chooseStep(names, pluginName);
  // An invocation that its node refused has no steps, so its own status is shown in place of a step's.
  const step = plan.steps[index] ?? { ...plan, code: -1, isSkipped: false };
  const isOver = nowMs >= step.endMs;
  const startMs = step.startMs !== undefined && nowMs >= step.startMs ? step.startMs : undefined;
  const { status, details } = isUnknown(plan, nowMs, faults) ? UNKNOWN : stepState(step, nowMs);
  const output = isOver && startMs !== undefined ? stepOutput(command, plan, index, node) : undefined;
  const record: InvocationResultRecord = {
    CommandId: command.id,
    InstanceId: node.instanceId,
    Comment: command.comment,
    DocumentName: command.document.name,
    DocumentVersion: command.documentVersion,
    PluginName: names[index] ?? '',
    ResponseCode: isOver ? step.code : -1,
    ExecutionStartDateTime: startMs === undefined ? '' : new Date(startMs).toISOString(),
    ExecutionElapsedTime: startMs === undefined ? '' : isoDuration((isOver ? step.endMs : nowMs) - startMs),
    ExecutionEndDateTime: isOver && startMs !== undefined ? new Date(step.endMs).toISOString() : '',
    Status: status,
    StatusDetails: details,
    StandardOutputContent: output ? cutContent(wholeStream(output.stdout), CONTENT_LIMIT_BYTES.stdout) : '',
    StandardOutputUrl: outputUrl('stdout', site.region, command, node.instanceId, index),
    StandardErrorContent: output ? cutContent(wholeStream(output.stderr), CONTENT_LIMIT_BYTES.stderr) : '',
    StandardErrorUrl: outputUrl('stderr', site.region, command, node.instanceId, index),
    CloudWatchOutputConfig: {
      CloudWatchLogGroupName: command.logGroup,
      CloudWatchOutputEnabled: command.logGroup !== '',
    },
  };
  return faults.unmodelledMembers ? { ...record, ...{ DeliveryAttempts: 1 } } : record;
}
