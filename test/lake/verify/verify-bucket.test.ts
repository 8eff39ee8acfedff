import { join } from 'node:path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { openStore } from '../../../src/lake/store/open-store.ts';
import { verifyLake } from '../../../src/lake/verify/verify-lake.ts';
import { builtProgram } from '../../built-program.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { s3Client } from '../../simulator/clients.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../simulator/start-moto.ts';
import { sealDeps, sealedArchive } from '../sealed-archive.ts';
import { makeBucket } from '../store/s3/moto-bucket.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

it.skipIf(isWithoutMoto)(`days are sealed into a bucket of S3 and verified from there ${NEEDS_MOTO}`, async () => {
  if (!moto) throw new Error('moto is missing');
  const { sqlite, days } = await sealedArchive({ sealed: 0 });
  const { location, bucket } = await makeBucket(moto);
  const store = await openStore(location);
  onTestFinished(() => store.close());
  const deps = await sealDeps(sqlite.name, store);
  for (const day of days.slice(0, 3)) await sealDay(deps, day);
  await proveDays(deps);
  const place = { location, cacheFolder: join(tempFolder(), 'cache'), cacheBytes: 1_000_000 };
  const question = { path: sqlite.name, place, random: Math.random, program: builtProgram('lake-verifier') };
  const good = await verifyLake(question);
  expect(good.faults).toEqual([]);
  expect(good).toMatchObject({ days: 3, ofDays: 3 });
  expect(good.leaves).toBeGreaterThan(20);
  const key = `revisions/day=${days[0]}/archive-0.parquet`;
  await s3Client(moto).send(new DeleteObjectCommand({ Bucket: bucket, Key: `the/lake/${key}` }));
  const bad = await verifyLake(question);
  expect(bad.faults.map(({ what }) => what)).toContain(`${days[0]} of the lake: ${key} is missing`);
});
