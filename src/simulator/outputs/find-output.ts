import type { Site } from '../fleet/create-site.ts';
import { endedStep } from './ended-step.ts';
import { sizeOfStream, wholeStream } from './step-output.ts';

/** A step of an invocation, by the names that the service has for it. */
export interface StepName {
  readonly commandId: string;
  readonly instanceId: string;
  readonly pluginName: string;
}

/** All bytes of both streams. They are made each time that somebody asks for them; how many they are is known before. */
export interface WholeOutput {
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
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
  if (!step) return undefined;
  const { stdout, stderr } = step.output;
  return {
    stdoutBytes: sizeOfStream(stdout),
    stderrBytes: sizeOfStream(stderr),
    get stdout() {
      return wholeStream(stdout);
    },
    get stderr() {
      return wholeStream(stderr);
    },
  };
}
