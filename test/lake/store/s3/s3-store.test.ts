import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { LakeConflict, type ObjectStore } from '../../../../src/lake/store/object-store.ts';
import { openStore } from '../../../../src/lake/store/open-store.ts';
import { PART_BYTES } from '../../../../src/lake/store/s3/lake-bucket.ts';
import { openS3Store } from '../../../../src/lake/store/s3/open-s3-store.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { s3Client } from '../../../simulator/clients.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../../simulator/start-moto.ts';
import { stagedFile } from '../staged-file.ts';
import { makeBucket, type Passing } from './moto-bucket.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

const KEY = 'invocations/day=2026-03-01/archive-0.parquet';
const LARGE = 2 * PART_BYTES + 77;

async function started() {
  if (!moto) throw new Error(`moto is missing ${NEEDS_MOTO}`);
  const bucket = await makeBucket(moto);
  const open = async () => {
    const store = await openStore(bucket.location);
    onTestFinished(() => store.close());
    return store;
  };
  const uploads = async () =>
    (await s3Client(moto).send(new ListMultipartUploadsCommand({ Bucket: bucket.bucket }))).Uploads ?? [];
  return { ...bucket, open, uploads, store: await open() };
}

/** The digest of what the lake has at a place. */
async function digestAt(store: ObjectStore, key: string): Promise<string | undefined> {
  const path = join(tempFolder(), 'fetched');
  return (await store.get(key, path)) ? hash('sha256', readFileSync(path)) : undefined;
}

const isPut = ({ method }: Passing) => method === 'PUT';

describe.skipIf(isWithoutMoto)(`a lake on an S3 that others wrote ${NEEDS_MOTO}`, () => {
  it.each([1, 1000, PART_BYTES, PART_BYTES + 1, LARGE])('gives an object of %i bytes back as it was put', async (n) => {
    const { store, uploads } = await started();
    const file = stagedFile(KEY, { bytes: n });
    await store.put(file);
    expect(await digestAt(store, KEY)).toBe(file.sha256);
    expect(await uploads()).toEqual([]);
  });

  it('lists its own objects in the order of their keys, page after page, and nothing that is beside the lake', async () => {
    const { store, location, bucket } = await started();
    const beside = await openStore(`s3://${bucket}/the/lake-of-others`);
    onTestFinished(() => beside.close());
    await beside.put(stagedFile('x'));
    const keys = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2'];
    for (const key of [...keys].reverse()) await store.put(stagedFile(key, { bytes: 10 }));
    const small = openS3Store({ kind: 's3', bucket, prefix: 'the/lake/' }, { pageSize: 2 });
    onTestFinished(() => small.close());
    expect(store.name).toBe(`${location}/`);
    const listed = async (prefix: string) => {
      const found = [];
      for await (const object of small.list(prefix)) found.push(object);
      return found;
    };
    expect(await listed('')).toEqual(keys.map((key) => ({ key, sizeBytes: 10 })));
    expect((await listed('b/')).map(({ key }) => key)).toEqual(['b/1', 'b/2']);
    expect(await listed('c')).toEqual([]);
  });

  it('says that there is no object, and leaves no file', async () => {
    const { store } = await started();
    const path = join(tempFolder(), 'none');
    expect(await store.get(KEY, path)).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it.each([1000, LARGE])(
    'takes an object of %i bytes for done that is there already, and sends it no more',
    async (n) => {
      const { store, seen } = await started();
      const file = stagedFile(KEY, { bytes: n });
      await store.put(file);
      seen.length = 0;
      await store.put(file);
      await store.put({ ...file, replaces: ['0'.repeat(64)] });
      expect(seen.filter((request) => !/^(HEAD|GET) /.test(request))).toEqual([]);
    },
  );

  it.each([1000, LARGE])('never replaces an object of %i bytes that this archive has not put there', async (n) => {
    const { store } = await started();
    const others = stagedFile(KEY, { bytes: n });
    await store.put(others);
    for (const replaces of [[], ['0'.repeat(64)]])
      await expect(store.put(stagedFile(KEY, { bytes: n, replaces }))).rejects.toThrow(LakeConflict);
    expect(await digestAt(store, KEY)).toBe(others.sha256);
  });

  it.each([1000, LARGE])('replaces an object of %i bytes that is one of those to be replaced', async (n) => {
    const { store } = await started();
    const first = stagedFile(KEY, { bytes: n });
    await store.put(first);
    const second = stagedFile(KEY, { bytes: n, replaces: ['0'.repeat(64), first.sha256] });
    await store.put(second);
    expect(await digestAt(store, KEY)).toBe(second.sha256);
  });

  it.each([1000, LARGE])(
    'lets one of two writers at the same time put its %i bytes, and tells the other one',
    async (n) => {
      const { store, open, meddle } = await started();
      const other = await open();
      const [ours, theirs] = [stagedFile(KEY, { bytes: n }), stagedFile(KEY, { bytes: n })];
      const isLast = ({ method, url }: Passing) =>
        n === 1000 ? method === 'PUT' : method === 'POST' && url.includes('uploadId');
      // The other writer comes in after this one has seen that nothing is there.
      meddle(async (passing) => {
        if (!isLast(passing)) return false;
        meddle(undefined);
        await other.put(theirs);
        return false;
      });
      await expect(store.put(ours)).rejects.toThrow(/^Another program has put .* into the lake at the same time\.$/);
      expect(await digestAt(store, KEY)).toBe(theirs.sha256);
    },
  );

  it('lets one of two writers replace an object, though both saw the one before', async () => {
    const { store, open, meddle } = await started();
    const other = await open();
    const first = stagedFile(KEY);
    await store.put(first);
    const replaces = [first.sha256];
    const theirs = stagedFile(KEY, { replaces });
    meddle(async (passing) => {
      if (!isPut(passing)) return false;
      meddle(undefined);
      await other.put(theirs);
      return false;
    });
    await expect(store.put(stagedFile(KEY, { replaces }))).rejects.toThrow(LakeConflict);
    expect(await digestAt(store, KEY)).toBe(theirs.sha256);
  });

  it('sends S3 the condition also for an object that replaces one in parts, which moto does not look at', async () => {
    const { store, meddle } = await started();
    const first = stagedFile(KEY, { bytes: LARGE });
    await store.put(first);
    const conditions: unknown[] = [];
    meddle(({ method, url, headers, response }) => {
      if (method !== 'POST' || !url.includes('uploadId')) return false;
      conditions.push(headers['if-match']);
      response.writeHead(412, { 'content-type': 'application/xml' });
      response.end('<Error><Code>PreconditionFailed</Code><Message>No.</Message></Error>');
      return true;
    });
    const second = stagedFile(KEY, { bytes: LARGE, replaces: [first.sha256] });
    await expect(store.put(second)).rejects.toThrow(LakeConflict);
    expect(conditions).toHaveLength(4);
    expect(new Set(conditions)).toEqual(new Set([expect.stringMatching(/^"[^"]+"$/)]));
    expect(await digestAt(store, KEY)).toBe(first.sha256);
  });

  it.each([1000, LARGE])('counts an object of %i bytes as put whose reply was lost on the way', async (n) => {
    const { store, meddle, uploads } = await started();
    const file = stagedFile(KEY, { bytes: n });
    const isLast = ({ method, url }: Passing) =>
      n === 1000 ? method === 'PUT' : method === 'POST' && url.includes('uploadId');
    let lost = 0;
    meddle(async (passing) => {
      if (!isLast(passing) || lost > 0) return false;
      lost += 1;
      await passing.forward();
      passing.response.destroy();
      return true;
    });
    await store.put(file);
    expect(lost).toBe(1);
    expect(await digestAt(store, KEY)).toBe(file.sha256);
    expect(await uploads()).toEqual([]);
  });

  it('sends again what S3 refused because it was in trouble', async () => {
    const { store, meddle } = await started();
    let refused = 0;
    meddle(({ response }) => {
      if (refused++ % 2 === 1) return false;
      response.writeHead(503, { 'content-type': 'application/xml' });
      response.end('<Error><Code>SlowDown</Code><Message>Slow.</Message></Error>');
      return true;
    });
    const file = stagedFile(KEY, { bytes: LARGE });
    await store.put(file);
    expect(await digestAt(store, KEY)).toBe(file.sha256);
    expect(refused).toBeGreaterThan(10);
  });

  it('asks again for a part whose body broke off, and never takes the beginning for the whole', async () => {
    const { store, meddle } = await started();
    const file = stagedFile(KEY, { bytes: LARGE });
    await store.put(file);
    let cut = 0;
    const breakOff = async ({ method, forward, response }: Passing) => {
      if (method !== 'GET') return false;
      cut += 1;
      const { status, headers, body } = await forward();
      response.writeHead(status, headers);
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
      return true;
    };
    meddle((passing) => (cut === 2 ? false : breakOff(passing)));
    expect(await digestAt(store, KEY)).toBe(file.sha256);
    expect(cut).toBe(2);
    meddle(breakOff);
    const path = join(tempFolder(), 'cut');
    await expect(store.get(KEY, path)).rejects.toThrow(/^The lake s3:/);
    expect(existsSync(path)).toBe(false);
  });

  it('fetches one version of an object that is replaced meanwhile, not parts of two', async () => {
    const { store, open, meddle } = await started();
    const other = await open();
    const first = stagedFile(KEY, { bytes: LARGE });
    await store.put(first);
    const second = stagedFile(KEY, { bytes: LARGE, replaces: [first.sha256] });
    meddle(async ({ method, headers }) => {
      if (method !== 'GET' || headers.range?.startsWith('bytes=0-')) return false;
      meddle(undefined);
      await other.put(second);
      return false;
    });
    expect(await digestAt(store, KEY)).toBe(second.sha256);
  });
});
