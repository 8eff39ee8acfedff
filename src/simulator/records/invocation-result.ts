import { chooseStep } from '../../http/aws/choose-step.ts';
import { isoDuration } from '../../http/aws/iso-duration.ts';
import type { InvocationResultRecord } from '../../http/aws/records.ts';
import type { CommandPlan } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { planInvocation } from '../fleet/plan-invocation.ts';
import { cutContent } from '../outputs/cut-output.ts';
import { outputUrl } from '../outputs/output-url.ts';
import { stepOutput } from '../outputs/step-output.ts';
import { stepState } from './invocation-state.ts';

const STDOUT_LIMIT = 24_000;
const STDERR_LIMIT = 8000;

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
): InvocationResultRecord {
  const node = site.node(command, target);
  const plan = planInvocation(command, target, node);
  const names = command.document.steps.map(({ name }) => name);
  const index = chooseStep(names, pluginName);
  // An invocation that its node refused has no steps, so its own status is shown in place of a step's.
  const step = plan.steps[index] ?? { ...plan, code: -1, isSkipped: false };
  const isOver = nowMs >= step.endMs;
  const startMs = step.startMs !== undefined && nowMs >= step.startMs ? step.startMs : undefined;
  const { status, details } = stepState(step, nowMs);
  const output = isOver && startMs !== undefined ? stepOutput(command, plan, index, node) : undefined;
  return {
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
    StandardOutputContent: cutContent(output?.stdout ?? '', STDOUT_LIMIT),
    StandardOutputUrl: outputUrl('stdout', site.region, command, node.instanceId, index),
    StandardErrorContent: cutContent(output?.stderr ?? '', STDERR_LIMIT),
    StandardErrorUrl: outputUrl('stderr', site.region, command, node.instanceId, index),
    CloudWatchOutputConfig: {
      CloudWatchLogGroupName: command.logGroup,
      CloudWatchOutputEnabled: command.logGroup !== '',
    },
  };
}
