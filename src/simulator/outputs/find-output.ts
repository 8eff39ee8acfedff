import type { Site } from '../fleet/create-site.ts';
import { endedStep } from './ended-step.ts';
import { wholeStream } from './step-output.ts';

/** A step of an invocation, by the names that the service has for it. */
export interface StepName {
  readonly commandId: string;
  readonly instanceId: string;
  readonly pluginName: string;
}

/** All bytes of both streams. */
export interface WholeOutput {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Returns all that a step wrote, or undefined if it has not run to its end. */
export function findOutput(
  site: Site,
  { commandId, instanceId, pluginName }: StepName,
  nowMs: number,
): WholeOutput | undefined {
  const command = site.commandById(commandId);
  const target = command && site.targetOf(command, instanceId);
  if (!command || target === undefined) return undefined;
  const index = command.document.steps.findIndex(({ name }) => name === pluginName);
  const step = endedStep(site, command, target, index, nowMs);
  return step && { stdout: wholeStream(step.output.stdout), stderr: wholeStream(step.output.stderr) };
}
