import type { CommandPlan } from '../fleet/command-plan.ts';

/**
 * The address of a stream of an invocation's output in S3, or of one of its steps: `<prefix>/<command>/<node>/<plugin>/…`.
 * It is `""` for a command that names no bucket.
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
