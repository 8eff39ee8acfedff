import type { CommandPlan } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { planInvocation } from '../fleet/plan-invocation.ts';
import { type ShownOutput, stepOutput } from './step-output.ts';

/** A step that ran to its end, and so has put its outputs where its command wanted them. */
export interface EndedStep {
  readonly command: CommandPlan;
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly output: ShownOutput;
}

/**
 * Returns a step of an invocation if it has ended by now. A step that was skipped or never started has no outputs.
 */
export function endedStep(
  site: Site,
  command: CommandPlan,
  target: number,
  index: number,
  nowMs: number,
): EndedStep | undefined {
  const node = site.node(command, target);
  const plan = planInvocation(command, target, node);
  const step = plan.steps[index];
  if (!step || step.startMs === undefined || step.isSkipped || nowMs < step.endMs) return undefined;
  const { startMs, endMs } = step;
  return { command, index, startMs, endMs, output: stepOutput(command, plan, index, node) };
}
