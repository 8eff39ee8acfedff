import { type CommandPlan, DAY_MS } from '../fleet/command-plan.ts';
import type { Site } from '../fleet/create-site.ts';
import { walkCommands } from '../fleet/walk-site.ts';
import { endedStep } from '../outputs/ended-step.ts';
import { objectKey } from '../outputs/output-url.ts';
import { type StreamName, sizeOfStream, type WrittenStream } from '../outputs/step-output.ts';

/** An object that a node has put into a bucket. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly stream: WrittenStream;
}

/** The buckets as they are now. */
export interface Buckets {
  readonly sites: readonly Site[];
  readonly nowMs: number;
  /** How long objects are kept; 0 is for ever. */
  readonly lifeMs: number;
}

const UUID = /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\/|$)/;
const STREAMS: readonly StreamName[] = ['stdout', 'stderr'];
/** A listing that names no command looks at those of this time. */
const LISTED_MS = 30 * DAY_MS;

/** Returns the object of a key, or undefined if there is none now. */
export function findObject(buckets: Buckets, bucket: string, key: string): StoredObject | undefined {
  for (const object of objectsOfPrefix(buckets, bucket, key)) if (object.key === key) return object;
  return undefined;
}

/** Returns the objects whose keys begin with a prefix, in the order of their keys. */
export function listObjects(buckets: Buckets, bucket: string, prefix: string): StoredObject[] {
  const found = [...objectsOfPrefix(buckets, bucket, prefix)];
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function* objectsOfPrefix(buckets: Buckets, bucket: string, prefix: string): Generator<StoredObject> {
  const id = UUID.exec(prefix)?.[1];
  const { nowMs } = buckets;
  for (const site of buckets.sites) {
    if (id !== undefined) {
      const command = site.commandById(id);
      if (command?.bucket === bucket) yield* objectsOfCommand(buckets, site, command, prefix);
      continue;
    }
    for (const { command } of walkCommands(site, { fromMs: nowMs - LISTED_MS, untilMs: nowMs + 1 }, undefined)) {
      if (command.bucket === bucket) yield* objectsOfCommand(buckets, site, command, prefix);
    }
  }
}

function* objectsOfCommand(
  { nowMs, lifeMs }: Buckets,
  site: Site,
  command: CommandPlan,
  prefix: string,
): Generator<StoredObject> {
  for (let target = 0; target < command.size; target++) {
    const { instanceId } = site.node(command, target);
    for (let index = 0; index < command.document.steps.length; index++) {
      for (const name of STREAMS) {
        const key = objectKey(name, command, instanceId, index);
        if (!key.startsWith(prefix)) continue;
        const step = endedStep(site, command, target, index, nowMs);
        if (!step || (lifeMs > 0 && nowMs - step.endMs > lifeMs)) continue;
        const stream = step.output[name];
        const size = sizeOfStream(stream);
        // The agent uploads no empty file.
        if (size > 0) yield { key, size, modifiedMs: step.endMs, stream };
      }
    }
  }
}
