import { z } from 'zod';
import type { CheckpointBucketConfig } from './config.ts';
import type { ConfigFault } from './config-invalid.ts';

/** `s3://bucket/prefix`: the prefix is a folder, whether a slash ends it or not. */
export const bucketAddress = z.string().transform((text, context) => {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket !== undefined) return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
  context.addIssue(`must be s3://bucket or s3://bucket/prefix, not "${text}"`);
  return z.NEVER;
});

export const LOCK_MODES = ['COMPLIANCE', 'GOVERNANCE'] as const;

/** What the settings of the bucket are one by one; undefined where one is not given. */
interface Given {
  address: { bucket: string; prefix: string } | undefined;
  region: string | undefined;
  lockDays: number | undefined;
  lockMode: (typeof LOCK_MODES)[number] | undefined;
}

/** The bucket for checkpoints, where one is given; and a fault for each setting that means nothing by itself. `keyOf` names a setting as it was given. */
export function checkpointBucketOf(
  { address, region, lockDays, lockMode }: Given,
  keyOf: (setting: string) => string,
): { checkpointBucket?: CheckpointBucketConfig; faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const needs = (setting: string, needed: string, isGiven: boolean) => {
    if (isGiven) faults.push({ key: keyOf(setting), problem: `has no effect without ${needed}: set that too` });
  };
  if (!address) needs('checkpointBucketRegion', 'checkpointBucket', region !== undefined);
  if (!address) needs('checkpointLockDays', 'checkpointBucket', lockDays !== undefined);
  if (lockDays === undefined) needs('checkpointLockMode', 'checkpointLockDays', lockMode !== undefined);
  if (!address) return { faults };
  const checkpointBucket: CheckpointBucketConfig = {
    ...address,
    ...(region !== undefined && { region }),
    ...(lockDays !== undefined && { lock: { days: lockDays, mode: lockMode ?? 'COMPLIANCE' } }),
  };
  return { checkpointBucket, faults };
}
