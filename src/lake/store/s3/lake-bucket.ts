import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectLock } from '../object-store.ts';

/** The part of a bucket in which a lake is. */
export interface LakeBucket {
  client: S3Client;
  bucket: string;
  /** What all keys begin with: empty, or with a slash at its end. */
  prefix: string;
  /** The place, for messages: `s3://bucket/prefix/`. */
  name: string;
  /** How long Object Lock retains what is put. */
  lock: ObjectLock;
}

/**
 * How many bytes are sent and fetched at a time: a request that breaks off is sent again from memory, and each is over
 * within the limit of a request on a line of half a megabit.
 */
export const PART_BYTES = 16 * 1024 * 1024;

/** Returns how S3 names an object of the lake. */
export function objectOf({ bucket, prefix }: LakeBucket, key: string): { Bucket: string; Key: string } {
  return { Bucket: bucket, Key: prefix + key };
}
