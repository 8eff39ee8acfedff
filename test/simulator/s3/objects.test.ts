import {
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../../../src/simulator/start-simulator.ts';
import { ACCOUNT, REGION, s3Client } from '../clients.ts';
import { isSkipped, placeOf, type StoredStep, startFleet, stepWith } from '../stored-steps.ts';

let simulator: Simulator;
let step: StoredStep;
const name = () => ({ Bucket: step.bucket, Key: step.key });
beforeAll(async () => {
  simulator = await startFleet();
  step = stepWith(simulator, ({ bucket, output }) => bucket !== '' && output.stdoutBytes === 100_000);
});
afterAll(() => simulator.close());

const read = async (client: S3Client, input: ConstructorParameters<typeof GetObjectCommand>[0]) =>
  Buffer.from((await (await client.send(new GetObjectCommand(input))).Body?.transformToByteArray()) ?? []);

test('the object that an invocation’s address names has exactly the bytes that the step wrote', async () => {
  const reply = await s3Client(simulator).send(new GetObjectCommand(name()));
  expect(reply.ContentLength).toBe(100_000);
  expect(reply.ContentType).toBe('binary/octet-stream');
  expect(reply.LastModified?.getTime()).toBe(Math.floor(step.plugin.ResponseFinishDateTime ?? 0) * 1000);
  expect(step.output.stdout.equals((await reply.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
  const big = stepWith(simulator, ({ bucket, output }) => bucket !== '' && output.stdoutBytes === 30_000_000);
  expect((await read(s3Client(simulator), { Bucket: big.bucket, Key: big.key })).equals(big.output.stdout)).toBe(true);
});

test('HeadObject says the same of an object as GetObject, without its bytes', async () => {
  const client = s3Client(simulator);
  const head = await client.send(new HeadObjectCommand(name()));
  const whole = await client.send(new GetObjectCommand(name()));
  await whole.Body?.transformToByteArray();
  expect([head.ContentLength, head.ETag, head.LastModified, head.AcceptRanges]).toEqual([
    whole.ContentLength,
    whole.ETag,
    whole.LastModified,
    whole.AcceptRanges,
  ]);
  await expect(client.send(new HeadObjectCommand({ ...name(), Key: 'none' }))).rejects.toMatchObject({
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  });
});

test.each([
  ['bytes=0-9', 0, 10],
  ['bytes=99990-', 99_990, 100_000],
  ['bytes=99990-200000', 99_990, 100_000],
  ['bytes=-5', 99_995, 100_000],
  ['bytes=9-3', 0, 100_000],
  ['lines=1-2', 0, 100_000],
])('the range %s is answered with the bytes from %i to %i', async (Range, from, until) => {
  const reply = await s3Client(simulator).send(new GetObjectCommand({ ...name(), Range }));
  const bytes = Buffer.from((await reply.Body?.transformToByteArray()) ?? []);
  expect(bytes.equals(step.output.stdout.subarray(from, until))).toBe(true);
  const isPart = until - from < 100_000;
  expect(reply.ContentRange).toBe(isPart ? `bytes ${from}-${until - 1}/100000` : undefined);
  expect(reply.$metadata.httpStatusCode).toBe(isPart ? 206 : 200);
});

test('a range behind the end is refused, and so is a part of an object that is not the expected one', async () => {
  const client = s3Client(simulator);
  await expect(read(client, { ...name(), Range: 'bytes=100000-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  await expect(read(client, { ...name(), IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  const { ETag } = await client.send(new HeadObjectCommand(name()));
  expect(await read(client, { ...name(), IfMatch: ETag, Range: 'bytes=0-3' })).toHaveLength(4);
});

test('an empty output, a skipped step, another prefix and another bucket have no object', async () => {
  const client = s3Client(simulator);
  const empty = stepWith(simulator, ({ bucket, output }) => bucket !== '' && output.stdoutBytes === 0);
  const other = step.bucket === 'acme-ssm-output' ? 'acme-run-command-logs' : 'acme-ssm-output';
  const items = [...simulator.truth(ACCOUNT, REGION)];
  const skipped = items.flatMap(({ CommandPlugins = [] }) =>
    CommandPlugins.filter((one) => isSkipped(one)).map(placeOf),
  );
  const withBucket = skipped.find(({ bucket }) => bucket !== '');
  for (const wrong of [
    { Bucket: withBucket?.bucket, Key: withBucket?.key },
    { Bucket: empty.bucket, Key: empty.key },
    { ...name(), Key: `other/${step.key}` },
    { ...name(), Key: step.key.replace(/stdout$/, 'stdout2') },
    { ...name(), Bucket: other },
  ]) {
    await expect(read(client, wrong)).rejects.toMatchObject({
      name: 'NoSuchKey',
      message: 'The specified key does not exist.',
    });
  }
  await expect(read(client, { ...name(), Bucket: 'nobodys' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('ListObjectsV2 pages through the objects of a command in the order of their keys', async () => {
  const client = s3Client(simulator);
  const whole = stepWith(simulator, ({ bucket, item }) => bucket !== '' && (item.CommandPlugins ?? []).length > 2);
  const { CommandId } = whole.item;
  const Prefix = whole.key.slice(0, whole.key.indexOf(CommandId) + CommandId.length);
  const listed: string[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: whole.bucket, Prefix })) {
    expect(page.Contents?.length ?? 0).toBeLessThanOrEqual(2);
    for (const { Key = '', Size } of page.Contents ?? []) {
      listed.push(Key);
      expect((await client.send(new HeadObjectCommand({ Bucket: whole.bucket, Key }))).ContentLength).toBe(Size);
    }
  }
  expect(listed.length).toBeGreaterThan(0);
  expect(listed).toEqual([...new Set(listed)].sort());
  const all = await client.send(new ListObjectsV2Command({ Bucket: whole.bucket }));
  expect(all.IsTruncated).toBe(false);
  expect(all.Contents?.map(({ Key }) => Key)).toEqual(expect.arrayContaining(listed));
});

test('a bucket of another region answers with its region, which the SDK then follows', async () => {
  const far = await startFleet({
    bucketRegions: { 'acme-ssm-output': 'us-west-2', 'acme-run-command-logs': 'us-west-2' },
  });
  await expect(s3Client(far).send(new GetObjectCommand(name()))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 301 },
  });
  const head = await fetch(`${far.url}/${step.bucket}/${step.key}`, {
    method: 'HEAD',
    headers: { authorization: signedIn(REGION), 'x-amz-date': '20260315T120000Z' },
  });
  expect([head.status, head.headers.get('x-amz-bucket-region')]).toEqual([301, 'us-west-2']);
  const following = new S3Client({
    ...{ endpoint: far.url, region: REGION, forcePathStyle: true, followRegionRedirects: true },
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'secret' },
  });
  expect((await read(following, name())).equals(step.output.stdout)).toBe(true);
  const there = await s3Client(far, ACCOUNT, 'us-west-2').send(new HeadBucketCommand({ Bucket: step.bucket }));
  expect(there.BucketRegion).toBe('us-west-2');
  await far.close();
});

test('an unsigned request, and an operation that the simulator does not have, are refused', async () => {
  const unsigned = await fetch(`${simulator.url}/${step.bucket}/${step.key}`);
  expect(unsigned.status).toBe(403);
  expect(await unsigned.text()).toContain('<Code>AccessDenied</Code>');
  expect((await fetch(`${simulator.url}/${step.bucket}/${step.key}`, { method: 'PUT', body: 'x' })).status).toBe(404);
  expect((await fetch(`${simulator.url}/%zz/%zz`)).status).toBe(404);
});

test('requests are counted by operation', async () => {
  simulator.stats.calls = {};
  const client = s3Client(simulator);
  await read(client, name());
  await client.send(new HeadObjectCommand(name()));
  await client.send(new HeadBucketCommand({ Bucket: step.bucket }));
  await client.send(new ListObjectsV2Command({ Bucket: step.bucket, Prefix: step.key }));
  expect(simulator.stats.calls).toEqual({ GetObject: 1, HeadObject: 1, HeadBucket: 1, ListObjectsV2: 1 });
});

const signedIn = (region: string) =>
  `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260315/${region}/s3/aws4_request, SignedHeaders=host, Signature=00`;
