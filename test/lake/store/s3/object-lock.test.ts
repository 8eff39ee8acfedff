import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { checkLock } from '../../../../src/cli/commands/doctor/check-lock.ts';
import type { ObjectLock } from '../../../../src/lake/store/object-store.ts';
import { openStore } from '../../../../src/lake/store/open-store.ts';
import { DAY_MS } from '../../../../src/lib/time.ts';
import { REGION, s3Client } from '../../../simulator/clients.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../../simulator/start-moto.ts';
import { stagedFile } from '../staged-file.ts';
import { useEndpoint } from './moto-bucket.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

const ROWS = 'plugins/day=2026-03-01/archive-0.parquet';
const MANIFEST = '_ledger/archive-0/sealed/day=2026-03-01/g1.json';
const TOMBSTONE = '_ledger/archive-0/sealed/day=2026-03-01/g1-pruned.json';
let buckets = 0;

/** A lake in a new bucket with Object Lock. */
async function setUp(lock?: ObjectLock) {
  if (!moto) throw new Error(`moto is missing ${NEEDS_MOTO}`);
  buckets += 1;
  const Bucket = `locked-${process.pid}-${buckets}`;
  const client = s3Client(moto);
  await client.send(
    new CreateBucketCommand({
      ...{ Bucket, ObjectLockEnabledForBucket: true },
      CreateBucketConfiguration: { LocationConstraint: REGION },
    }),
  );
  useEndpoint(moto.url);
  const store = await openStore(`s3://${Bucket}`, { lock });
  onTestFinished(() => store.close());
  return { Bucket, client, store };
}

describe.skipIf(isWithoutMoto)(`a lake in a bucket with Object Lock ${NEEDS_MOTO}`, () => {
  it('rows and tombstones are retained so that who prunes may delete them, and manifests so that nobody may', async () => {
    const { Bucket, client, store } = await setUp({ rowDays: 30, manifestDays: 400 });
    for (const key of [ROWS, MANIFEST, TOMBSTONE]) await store.put(stagedFile(key, { bytes: 10 }));
    const of = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }));
    const daysOf = (date: Date | undefined) => Math.round(((date?.getTime() ?? 0) - Date.now()) / DAY_MS);
    const [rows, manifest] = [await of(ROWS), await of(MANIFEST)];
    expect([rows?.ObjectLockMode, daysOf(rows?.ObjectLockRetainUntilDate)]).toEqual(['GOVERNANCE', 30]);
    expect([manifest?.ObjectLockMode, daysOf(manifest?.ObjectLockRetainUntilDate)]).toEqual(['COMPLIANCE', 400]);
    // A tombstone has words of who pruned.
    expect((await of(TOMBSTONE)).ObjectLockMode).toBe('GOVERNANCE');
    for (const key of [ROWS, TOMBSTONE]) expect(await store.remove(key)).toBe(1);
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions.map(({ Key }) => Key)).toEqual([MANIFEST]);
    await expect(store.remove(MANIFEST)).rejects.toThrow(
      'in mode COMPLIANCE, or under a legal hold, nobody can delete it',
    );
    expect(await store.versions(MANIFEST)).toHaveLength(1);
    expect(await checkLock(store, { rowDays: 30, manifestDays: 400 })).toMatchObject([
      {
        state: 'ok',
        detail: expect.stringMatching(/^Object Lock retains rows for 30 days in mode GOVERNANCE.*exclude each other$/),
      },
    ]);
  });

  it('doctor calls it a fault if the bucket retains rows so that nobody can prune them', async () => {
    const { Bucket, client, store } = await setUp();
    expect(await checkLock(store)).toEqual([]);
    const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } as const;
    await client.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule },
      }),
    );
    expect(await checkLock(store)).toMatchObject([
      { state: 'failed', detail: expect.stringContaining('rows for 7 days in mode COMPLIANCE') },
    ]);
    expect(await checkLock(store, { rowDays: 3 })).toMatchObject([{ state: 'ok' }]);
  });
});
