import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { LakeFault } from '../../../../src/lake/store/lake-fault.ts';
import { openStore } from '../../../../src/lake/store/open-store.ts';
import { openS3Store } from '../../../../src/lake/store/s3/open-s3-store.ts';
import { tempFolder } from '../../../db/temp-archive.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from '../../../simulator/start-moto.ts';
import { stagedFile } from '../staged-file.ts';
import { makeBucket, useEndpoint } from './moto-bucket.ts';

const moto = isWithoutMoto ? undefined : await startMoto();
afterAll(() => moto?.close());

const KEY = 'invocations/day=2026-03-01/archive-0.parquet';

async function started() {
  if (!moto) throw new Error(`moto is missing ${NEEDS_MOTO}`);
  const bucket = await makeBucket(moto);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  return bucket;
}

/** What each use of a lake says if it fails. */
async function saidBy(location: string): Promise<string[]> {
  const store = await openStore(location);
  onTestFinished(() => store.close());
  const uses = [
    () => store.put(stagedFile(KEY)),
    () => store.get(KEY, join(tempFolder(), 'fetched')),
    () => store.list('')[Symbol.asyncIterator]().next(),
  ];
  const said = [];
  for (const use of uses) {
    const error = await use().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error, String(error)).toBeInstanceOf(LakeFault);
    said.push(error instanceof Error ? error.message : '');
  }
  return said;
}

describe.skipIf(isWithoutMoto)(`a lake on S3 that can't be used ${NEEDS_MOTO}`, () => {
  it('says that there is no such bucket', async () => {
    await started();
    for (const sentence of await saidBy('s3://nobodys-lake/x'))
      expect(sentence).toMatch(/^The lake s3:\/\/nobodys-lake\/x\/: NoSuchBucket: .*Make the bucket nobodys-lake/);
  });

  it.each(['AccessDenied', ''])('says what to grant where it is denied (%s)', async (code) => {
    const { location, bucket, meddle } = await started();
    meddle(({ response }) => {
      const body = code && `<Error><Code>${code}</Code><Message>Access Denied</Message></Error>`;
      response.writeHead(403, { 'content-type': 'application/xml' }).end(body);
      return true;
    });
    for (const sentence of await saidBy(location)) {
      expect(sentence).toContain(`s3:PutObject and s3:AbortMultipartUpload on arn:aws:s3:::${bucket}/the/lake/*`);
      expect(sentence).toContain(`s3:ListBucket on arn:aws:s3:::${bucket},`);
    }
  });

  it('says that there are no credentials', async () => {
    const { location } = await started();
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    for (const sentence of await saidBy(location)) expect(sentence).toMatch(/Give credentials: AWS_PROFILE/);
  });

  it('says that no region is known', async () => {
    const { location } = await started();
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    for (const sentence of await saidBy(location)) expect(sentence).toMatch(/Set AWS_REGION to the bucket's region\.$/);
  });

  it('says in which region the bucket is', async () => {
    const { location, meddle } = await started();
    meddle(({ method, response }) => {
      const body = '<Error><Code>AuthorizationHeaderMalformed</Code><Message>Wrong region</Message></Error>';
      const headers = { 'content-type': 'application/xml', 'x-amz-bucket-region': 'us-west-2' };
      response.writeHead(400, headers).end(method === 'HEAD' ? '' : body);
      return true;
    });
    const said = await saidBy(location);
    for (const sentence of said.slice(1)) expect(sentence).toMatch(/The bucket is in us-west-2: set AWS_REGION/);
  });

  it('says that nothing is at the address', async () => {
    const { location } = await started();
    useEndpoint('http://127.0.0.1:9');
    for (const sentence of await saidBy(location))
      expect(sentence).toMatch(/^The lake s3:.* http:\/\/127\.0\.0\.1:9 does not answer: it can't be reached/);
  });

  it('says that a web server is not S3', async () => {
    const { location, meddle } = await started();
    meddle(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
      return true;
    });
    for (const sentence of await saidBy(location)) expect(sentence).toMatch(/AWS_ENDPOINT_URL_S3/);
  });

  it('is given up if it does not answer in time, or if the program is told to stop', async () => {
    const { bucket, meddle } = await started();
    meddle(() => true);
    const place = { kind: 's3', bucket, prefix: '' } as const;
    const late = openS3Store(place, { wholeMs: 200 });
    const stop = new AbortController();
    const stopped = openS3Store(place, { signal: stop.signal });
    onTestFinished(() => {
      late.close();
      stopped.close();
    });
    await expect(late.put(stagedFile(KEY))).rejects.toThrow(/The reply was not complete after 0\.2 seconds/);
    const put = stopped.put(stagedFile(KEY));
    setTimeout(() => stop.abort(new Error('told to stop')), 100);
    await expect(put).rejects.toThrow('told to stop');
  });

  it('is not believed if it takes an object and then has another one', async () => {
    const { location, meddle } = await started();
    meddle(({ method, response }) => {
      if (method !== 'PUT') return false;
      response.writeHead(200, { etag: '"0123"' }).end();
      return true;
    });
    const store = await openStore(location);
    onTestFinished(() => store.close());
    await expect(store.put(stagedFile(KEY))).rejects.toThrow(/The store took .*, and then had nothing/);
  });
});
