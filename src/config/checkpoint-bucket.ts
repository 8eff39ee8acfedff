import { z } from 'zod';
import type { CheckpointBucketConfig } from './config.ts';
import type { ConfigFault } from './config-invalid.ts';

/** Reads `s3://bucket/prefix`. The prefix is a folder, with or without a slash at its end. */
export const bucketAddress = z.string().transform((text, context) => {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket !== undefined) return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
  context.addIssue(`must be s3://bucket or s3://bucket/prefix, not "${text}"`);
  return z.NEVER;
});

export const LOCK_MODES = ['COMPLIANCE', 'GOVERNANCE'] as const;

/** The settings of the bucket. Each is undefined if it is not given. */
interface Given {
  address: { bucket: string; prefix: string } | undefined;
  region: string | undefined;
  lockDays: number | undefined;
  lockMode: (typeof LOCK_MODES)[number] | undefined;
}

/**
 * Returns the bucket for checkpoints, if there is one, and a fault for each setting that has no effect without another.
 * `keyOf` returns a setting's name as it was given.
 */
export function checkpointBucketOf(
  { address, region, lockDays, lockMode }: Given,
  keyOf: (setting: string) => string,
): { checkpointBucket?: CheckpointBucketConfig; faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const needs = (setting: string, needed: string, isGiven: boolean) => {
    if (isGiven) faults.push({ key: keyOf(setting), problem: `has no effect without ${needed}: set ${needed} too` });
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
