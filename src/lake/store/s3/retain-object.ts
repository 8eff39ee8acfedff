import {
  GetObjectLockConfigurationCommand,
  type ObjectLockMode,
  type PutObjectCommandInput,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { DAY_MS } from '../../../lib/time.ts';
import type { DefaultLock, ObjectLock } from '../object-store.ts';
import type { LakeBucket } from './lake-bucket.ts';

type Retention = Pick<PutObjectCommandInput, 'ObjectLockMode' | 'ObjectLockRetainUntilDate'>;

/** All that the ledger has in a lake; nothing of it has an output, a parameter or a comment. */
const OF_LEDGER = '_ledger/';
/** A tombstone has the reason in words of who pruned, and these may have to go too. */
const TOMBSTONE = '-pruned.json';

/** Returns for how long an object is retained, and in which mode; nothing if it is not. */
export function retentionOf({ rowDays, manifestDays }: ObjectLock, key: string, nowMs: number): Retention {
  const until = (mode: ObjectLockMode, days: number | undefined): Retention =>
    days === undefined ? {} : { ObjectLockMode: mode, ObjectLockRetainUntilDate: new Date(nowMs + days * DAY_MS) };
  return key.startsWith(OF_LEDGER) && !key.endsWith(TOMBSTONE)
    ? until('COMPLIANCE', manifestDays)
    : until('GOVERNANCE', rowDays);
}

/** Returns the retention that the bucket gives to each object; undefined if it gives none. */
export async function readDefaultLock({ client, bucket }: LakeBucket): Promise<DefaultLock | undefined> {
  try {
    const { ObjectLockConfiguration } = await client.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }));
    const { Mode: mode, Days: days, Years: years } = ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    if (mode === undefined) return undefined;
    return { mode, length: days === undefined ? `${years ?? '?'} years` : `${days} days` };
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'ObjectLockConfigurationNotFoundError') return undefined;
    throw error;
  }
}
