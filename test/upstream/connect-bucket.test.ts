import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CheckpointBucketConfig } from '../../src/config/config.ts';
import { connectBucket } from '../../src/upstream/connect-bucket.ts';
import { type Refusal, startFakeS3 } from './fake-s3.ts';

const NOTE = 'origin\n7\nroot\n\n— origin é\n';

function bucketOf(config: Partial<CheckpointBucketConfig> = {}) {
  const now = () => new Date('2026-03-01T09:30:00.000Z');
  const { signal } = new AbortController();
  const bucket = connectBucket({ now, signal }, { bucket: 'kept', prefix: 'audit/', ...config });
  onTestFinished(bucket.close);
  return bucket;
}

describe('a text that is stored in a bucket', () => {
  it('is a separate object, with a checksum, and locked for the requested time', async () => {
    const { requests } = await startFakeS3();
    await bucketOf({ lock: { days: 30, mode: 'GOVERNANCE' } }).put('checkpoint-1', NOTE);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      path: '/kept/audit/checkpoint-1?x-id=PutObject',
      body: NOTE,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'if-none-match': '*',
        'x-amz-object-lock-mode': 'GOVERNANCE',
        'x-amz-object-lock-retain-until-date': '2026-03-31T09:30:00Z',
        'x-amz-checksum-sha256': hash('sha256', NOTE, 'base64'),
        authorization: expect.stringContaining('/eu-west-1/s3/aws4_request'),
      },
    });
  });

  it('has a checksum even if the environment asks the SDK for none, and has a lock only if a lock is requested', async () => {
    const { requests } = await startFakeS3();
    vi.stubEnv('AWS_REQUEST_CHECKSUM_CALCULATION', 'when_required');
    await bucketOf({ prefix: '', region: 'us-east-2' }).put('checkpoint-1', NOTE);
    expect(requests[0]).toMatchObject({
      path: '/kept/checkpoint-1?x-id=PutObject',
      headers: {
        'x-amz-checksum-sha256': hash('sha256', NOTE, 'base64'),
        authorization: expect.stringContaining('/us-east-2/s3/'),
      },
    });
    expect(Object.keys(requests[0]?.headers ?? {}).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('goes to a custom endpoint with the bucket in the path, because the host name has no part for the bucket', async () => {
    const { requests } = await startFakeS3('localhost');
    await bucketOf().put('checkpoint-1', NOTE);
    expect(requests[0]).toMatchObject({
      path: '/kept/audit/checkpoint-1?x-id=PutObject',
      host: expect.stringMatching(/^localhost:/),
    });
  });

  it('stays as it was if it is stored again', async () => {
    const { objects } = await startFakeS3();
    const bucket = bucketOf();
    await bucket.put('checkpoint-1', NOTE);
    await bucket.put('checkpoint-1', 'something else');
    expect([...objects.values()]).toEqual([NOTE]);
  });
});

describe('a bucket’s refusal is reported with what to do', () => {
  it.each<[Refusal, string]>([
    [
      { status: 403, code: 'AccessDenied' },
      'Grant s3:PutObject and s3:PutObjectRetention on arn:aws:s3:::kept/audit/*',
    ],
    [{ status: 404, code: 'NoSuchBucket' }, 'Make the bucket kept, or correct SSM_ARCHIVE_CHECKPOINT_BUCKET.'],
    [
      { status: 400, code: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' },
      'Switch Object Lock on for the bucket kept, or take SSM_ARCHIVE_CHECKPOINT_LOCK_DAYS out.',
    ],
    [{ status: 301, code: 'PermanentRedirect' }, "Set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION to the bucket's region."],
    [{ status: 501, code: 'NotImplemented' }, 'The store must know If-None-Match and Object Lock'],
    [{ status: 400, code: 'ExpiredToken' }, 'Renew the credentials'],
    [{ status: 503, code: 'SlowDown' }, 'Check that the bucket can be reached'],
  ])('%o', async (refusal, remedy) => {
    const s3 = await startFakeS3();
    s3.refuse(refusal);
    const put = bucketOf({ lock: { days: 1, mode: 'COMPLIANCE' } }).put('checkpoint-1', NOTE);
    await expect(put).rejects.toThrow(`${refusal.code}: ${refusal.message ?? 'No.'}`);
    await expect(put).rejects.toThrow(remedy);
  });

  it('the message says what to do if no answer comes or there is no region', async () => {
    await startFakeS3();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
    await expect(bucketOf().put('checkpoint-1', NOTE)).rejects.toThrow('Check that the bucket can be reached');
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
    await expect(bucketOf().put('checkpoint-1', NOTE)).rejects.toThrow('Set SSM_ARCHIVE_CHECKPOINT_BUCKET_REGION');
  });
});

describe('a server that is not S3 has stored nothing, whatever it answers', () => {
  const html = { 'content-type': 'text/html' };
  it.each<[string, RegExp, (response: ServerResponse) => void]>([
    ['200 and nothing', /not S3: it sent status 200 and no ETag/, (response) => response.end()],
    ['200 and a page', /not S3: it sent status 200 and no ETag/, (it) => it.writeHead(200, html).end('<html></html>')],
    ['403 and a page', /not S3: it sent status 403 and a page of HTML/, (it) => it.writeHead(403, html).end('<html>')],
    ['412 and a page', /not S3: it sent status 412 and a page of HTML/, (it) => it.writeHead(412, html).end('<html>')],
    [
      'another checksum',
      /stored something else/,
      (it) => it.writeHead(200, { etag: '"x"', 'x-amz-checksum-sha256': hash('sha256', 'other', 'base64') }).end(),
    ],
  ])('%s', async (_what, words, answer) => {
    const s3 = await startFakeS3();
    s3.answerInstead(answer);
    const put = bucketOf().put('checkpoint-1', NOTE);
    await expect(put).rejects.toThrow(words);
    await expect(put).rejects.toThrow(/AWS_ENDPOINT_URL_S3/);
  });

  it('is asked again, and if the next answer is good, the text counts as stored', async () => {
    const s3 = await startFakeS3();
    vi.stubEnv('AWS_MAX_ATTEMPTS', '3');
    const answers = [undefined, '"etag"'];
    s3.answerInstead((response) => {
      const etag = answers.shift();
      response.writeHead(200, etag === undefined ? {} : { etag }).end();
    });
    await bucketOf().put('checkpoint-1', NOTE);
    expect(s3.requests).toHaveLength(2);
  });
});
