import type { CommandInvocationRecord, CommandPluginRecord } from '../../src/http/aws/records.ts';
import type { WholeOutput } from '../../src/simulator/outputs/find-output.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, NOW, ONE, REGION } from './clients.ts';

/** A step that has run, with all that it wrote. */
export interface StoredStep {
  readonly item: CommandInvocationRecord;
  readonly plugin: CommandPluginRecord;
  readonly output: WholeOutput;
  /** Its bucket and the key of its standard output; both are empty if its command names no bucket. */
  readonly bucket: string;
  readonly key: string;
  readonly logGroup: string;
  readonly streamName: string;
}

/** A fleet in which half of the steps have outputs of odd sizes, and most commands name a bucket and a log group. */
export function startFleet(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({
    ...{ seed: 11, accounts: ONE, invocations: 1500, now: NOW, clockRate: 0 },
    ...{ bucketShare: 0.7, logGroupShare: 0.7, longOutputShare: 0.5 },
    ...options,
  });
}

/** Returns every step of the fleet that has run, newest first. Its output is made when it is first looked at. */
export function* storedSteps(simulator: Simulator): Generator<StoredStep> {
  for (const item of simulator.truth(ACCOUNT, REGION)) {
    for (const plugin of item.CommandPlugins ?? []) {
      if ((plugin.ResponseFinishDateTime ?? 0) <= 0 || isSkipped(plugin)) continue;
      const { CommandId: commandId, InstanceId: instanceId } = item;
      const pluginName = plugin.Name ?? '';
      let output: WholeOutput | undefined;
      yield {
        item,
        plugin,
        get output() {
          output ??= simulator.output(ACCOUNT, REGION, { commandId, instanceId, pluginName });
          if (!output) throw new Error(`Step ${pluginName} of ${commandId} has run, but has no output.`);
          return output;
        },
        ...placeOf(plugin),
        logGroup: item.CloudWatchOutputConfig?.CloudWatchLogGroupName ?? '',
        streamName: `${commandId}/${instanceId}/${pluginName.replaceAll(':', '-')}/stdout`,
      };
    }
  }
}

/** Returns the bucket and the key that the address of a step's standard output names. */
export function placeOf({ StandardOutputUrl = '' }: CommandPluginRecord): { bucket: string; key: string } {
  const [bucket = '', ...key] = StandardOutputUrl.replace(/^https:\/\/[^/]+\//, '').split('/');
  return { bucket, key: key.join('/') };
}

/** Tells whether a step was skipped, because its node has another system. */
export function isSkipped({ Output = '' }: CommandPluginRecord): boolean {
  return Output.includes('skipped due');
}

/** Returns the first step of the fleet that is like this. Throws if there is none. */
export function stepWith(simulator: Simulator, isWanted: (step: StoredStep) => boolean): StoredStep {
  for (const step of storedSteps(simulator)) if (isWanted(step)) return step;
  throw new Error('The fleet has no such step: choose another seed.');
}
