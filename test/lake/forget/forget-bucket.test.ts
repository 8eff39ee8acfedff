import { ListObjectVersionsCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readSealedDay } from '../../../src/archive/sealed/read-sealed-days.ts';
import { connectToRead } from '../../../src/db/reading/connect-to-read.ts';
import { forget } from '../../../src/lake/forget/forget.ts';
import { openSealedDays } from '../../../src/lake/read/open-sealed-days.ts';
import { proveDays } from '../../../src/lake/seal/prove-days.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { openStore } from '../../../src/lake/store/open-store.ts';
import { checkGone } from '../../../src/lake/verify/check-gone.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { s3Client } from '../../simulator/clients.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../simulator/start-moto.ts';
import { sealDeps, sealedArchive } from '../sealed-archive.ts';
import { makeBucket } from '../store/s3/moto-bucket.ts';
import { LATER } from './forgetting.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

/** An archive with three days that are sealed into a bucket that keeps all versions. */
async function setUp() {
  if (!moto) throw new Error(`moto is missing ${NEEDS_MOTO}`);
  const bucket = await makeBucket(moto);
  const client = s3Client(moto);
  await client.send(
    new PutBucketVersioningCommand({ Bucket: bucket.bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const { sqlite, days } = await sealedArchive({ sealed: 0, invocations: 60 });
  const store = await openStore(bucket.location);
  onTestFinished(() => store.close());
  const deps = await sealDeps(sqlite.name, store);
  const sealed = days.slice(0, 3);
  for (const day of sealed) await sealDay(deps, day);
  await proveDays(deps);
  const connect = () => connectToRead(sqlite.name, 'usual', 5000);
  const place = { location: bucket.location, cacheFolder: tempFolder(), cacheBytes: 1e9 };
  const sealedDays = openSealedDays({ place, connect });
  onTestFinished(() => sealedDays.close());
  const request = { kind: 'invocations' as const, by: 'me', reason: 'a rule' };
  return {
    ...{ ...bucket, sqlite, sealed, store },
    prune: (selection: { requestedBefore?: string; instanceId?: string }) =>
      forget({ ...deps, now: () => LATER, sealedDays, dropCopies: async () => {} }, { ...request, selection }),
    /** All versions and markers of deletions of a day's objects, as the bucket lists them. */
    async versionsOf(day: string) {
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket.bucket }),
      );
      return [...Versions, ...DeleteMarkers]
        .map(({ Key = '' }) => Key)
        .filter((key) => key.includes(`day=${day}/archive-`))
        .sort();
    },
  };
}

describe.skipIf(isWithoutMoto)(`pruning a lake in a bucket that keeps all versions ${NEEDS_MOTO}`, () => {
  it('a day goes in all versions of its objects, and one that is sealed again has no version but the present one', async () => {
    const { sqlite, sealed, store, prune, versionsOf } = await setUp();
    const [first = '', second = ''] = sealed;
    const done = await prune({ requestedBefore: `${second}T00:00:00.000Z` });
    expect(done).toMatchObject({ days: [{ day: first, how: 'removed' }], versions: 6 });
    expect(await versionsOf(first)).toEqual([]);
    const node = sqlite
      .prepare<[string], string>("SELECT value FROM sealed_values WHERE kind = 'instanceId' AND first_day = ?")
      .pluck()
      .get(second);
    const again = await prune({ instanceId: node ?? '' });
    expect(again.days[0]).toMatchObject({ day: second });
    for (const day of sealed.slice(1)) {
      const keys = await versionsOf(day);
      expect(keys).toEqual([...new Set(keys)]);
      if (readSealedDay(sqlite, day)?.prunedSeq === null) expect(keys).toHaveLength(6);
    }
    const gone = await checkGone(sqlite, store);
    expect(gone).toMatchObject({ hidden: null, faults: [] });
    expect(gone.objects).toBeGreaterThan(6);
  });

  it('an identity that may not delete is told which rights it needs, nothing is read of the day, and the next run removes it', async () => {
    const { sqlite, sealed, store, prune, versionsOf, meddle } = await setUp();
    const [first = '', second = ''] = sealed;
    meddle(({ method, response }) => {
      if (method !== 'DELETE') return false;
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>not you</Message></Error>');
      return true;
    });
    await expect(prune({ requestedBefore: `${second}T00:00:00.000Z` })).rejects.toThrow(
      /can't be deleted for ever .*Grant s3:DeleteObject and s3:DeleteObjectVersion on arn:aws:s3:::lake-/,
    );
    expect(readSealedDay(sqlite, first)?.prunedSeq).not.toBeNull();
    expect((await checkGone(sqlite, store)).faults).toHaveLength(6);
    meddle(undefined);
    expect(await prune({ requestedBefore: `${second}T00:00:00.000Z` })).toMatchObject({ days: [], versions: 6 });
    expect(await versionsOf(first)).toEqual([]);
  });

  it('where versions can not be listed, the check says so and looks for what is read', async () => {
    const { sqlite, sealed, store, prune, meddle } = await setUp();
    await prune({ requestedBefore: `${sealed[1]}T00:00:00.000Z` });
    meddle(({ method, url, response }) => {
      if (method !== 'GET' || !/[?&]versions/.test(url)) return false;
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>not you</Message></Error>');
      return true;
    });
    const gone = await checkGone(sqlite, store);
    expect(gone).toMatchObject({ objects: 6, faults: [] });
    expect(gone.hidden).toContain('Grant s3:ListBucketVersions and s3:ListBucketMultipartUploads');
  });
});
