import type { CommandPlan } from '../fleet/command-plan.ts';

/**
 * Returns the address in S3 of a stream of an invocation's output, or of one of its steps:
 * `<prefix>/<command>/<node>/<plugin>/…`. It is `""` if the command names no bucket.
 */
export function outputUrl(
  stream: 'stdout' | 'stderr',
  region: string,
  command: CommandPlan,
  instanceId: string,
  step?: number,
): string {
  if (command.bucket === '') return '';
  const { bucket, keyPrefix, id, document } = command;
  const host = region.startsWith('cn-') ? `s3.${region}.amazonaws.com.cn` : `s3.${region}.amazonaws.com`;
  const path = [bucket, keyPrefix, id, instanceId].filter((part) => part !== '').join('/');
  const plugin = step === undefined ? undefined : document.steps[step]?.plugin;
  return `https://${host}/${path}${plugin === undefined ? '' : `/aws${plugin}/${step}.aws${plugin}`}/${stream}`;
}
