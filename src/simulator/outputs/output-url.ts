import type { CommandPlan } from '../fleet/command-plan.ts';
import type { StreamName } from './step-output.ts';

/**
 * Returns the address in S3 of a stream of an invocation's output, or of one of its steps:
 * `<prefix>/<command>/<node>/<plugin>/…`. It is `""` if the command names no bucket.
 */
export function outputUrl(
  stream: StreamName,
  region: string,
  command: CommandPlan,
  instanceId: string,
  step?: number,
): string {
  if (command.bucket === '') return '';
  const host = region.startsWith('cn-') ? `s3.${region}.amazonaws.com.cn` : `s3.${region}.amazonaws.com`;
  return `https://${host}/${command.bucket}/${objectKey(stream, command, instanceId, step)}`;
}

/** Returns the key of a stream's object in the bucket of its command. */
export function objectKey(stream: StreamName, command: CommandPlan, instanceId: string, step?: number): string {
  const { keyPrefix, id, document } = command;
  const plugin = step === undefined ? undefined : document.steps[step]?.plugin;
  const folders = plugin === undefined ? [] : [`aws${plugin}`, `${step}.aws${plugin}`];
  return [...(keyPrefix === '' ? [] : [keyPrefix]), id, instanceId, ...folders, stream].join('/');
}

/** Returns the name of a stream in the log group of its command. Names there have no colon and no asterisk. */
export function logStreamName(stream: StreamName, command: CommandPlan, instanceId: string, step: number): string {
  const name = command.document.steps[step]?.name ?? '';
  return `${command.id}/${instanceId}/${name}`.replace(/[:*]/g, '-').concat(`/${stream}`);
}
