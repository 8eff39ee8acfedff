import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { GetCommandInvocationCommand, SendCommandCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { logPages, logsClient, REGION, s3Client, ssmClient } from './clients.ts';
import { isWithoutMoto, NEEDS_MOTO, startMoto } from './start-moto.ts';
import { type StoredStep, startFleet, stepWith } from './stored-steps.ts';

/** A service that has the same object and the same log stream. */
interface Subject {
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly ssm: SSMClient;
  readonly commandId: string;
  readonly instanceId: string;
  readonly pluginName: string;
  readonly messages: readonly string[];
  close(): Promise<void>;
}

const moto = isWithoutMoto ? undefined : await startMoto();
const simulator: Simulator = await startFleet();
const step: StoredStep = stepWith(
  simulator,
  ({ bucket, logGroup, output }) => bucket !== '' && logGroup !== '' && output.stdoutBytes === 1_500_000,
);
const { bucket, key, logGroup, streamName } = step;
const stream = { logGroupName: logGroup, logStreamName: streamName };
const messages = (await logPages(logsClient(simulator), stream)).flat();

function simulated(): Subject {
  const { CommandId: commandId, InstanceId: instanceId } = step.item;
  return {
    ...{ s3: s3Client(simulator), logs: logsClient(simulator), ssm: ssmClient(simulator) },
    ...{ commandId, instanceId, pluginName: step.plugin.Name ?? '', messages },
    close: () => simulator.close(),
  };
}

/** Fills moto with what the simulator has. */
async function mocked(server: NonNullable<typeof moto>): Promise<Subject> {
  const [s3, logs, ssm] = [s3Client(server), logsClient(server), ssmClient(server)];
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  for (const Key of [key, key.replace(/stdout$/, 'stderr')]) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: step.output.stdout }));
  }
  await logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
  await logs.send(new CreateLogStreamCommand(stream));
  const timestamp = Date.now();
  for (const message of messages) {
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp, message }] }));
  }
  const instanceId = 'i-0123456789abcdef0';
  const sent = await ssm.send(
    new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [instanceId] }),
  );
  const sentId = { commandId: sent.Command?.CommandId ?? '', instanceId, pluginName: 'aws:runShellScript' };
  return { s3, logs, ssm, ...sentId, messages, close: () => server.close() };
}

const subjects: readonly (readonly [string, () => Promise<Subject>])[] = [
  ['the simulator', async () => simulated()],
  ...(moto ? [['moto', () => mocked(moto)] as const] : []),
];
if (!moto) test.skip(`moto answers as the simulator does ${NEEDS_MOTO}`, () => {});

describe.each(subjects)('%s', async (_, start) => {
  const subject = await start();
  const { s3, logs, ssm } = subject;
  afterAll(() => subject.close());
  const read = async (input: object = {}) => {
    const reply = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...input }));
    return { reply, bytes: Buffer.from((await reply.Body?.transformToByteArray()) ?? []) };
  };

  test('gives an object whole, and tells its length and its digest before', async () => {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const { reply, bytes } = await read();
    expect(bytes.equals(step.output.stdout)).toBe(true);
    expect([head.ContentLength, head.ETag]).toEqual([bytes.length, reply.ETag]);
  });

  test('gives the bytes of a range, and says which they are', async () => {
    const { reply, bytes } = await read({ Range: 'bytes=100-199' });
    expect(bytes.equals(step.output.stdout.subarray(100, 200))).toBe(true);
    expect([reply.ContentRange, reply.$metadata.httpStatusCode]).toEqual(['bytes 100-199/1500000', 206]);
    const { bytes: last } = await read({ Range: 'bytes=-7' });
    expect(last.equals(step.output.stdout.subarray(-7))).toBe(true);
    await expect(read({ Range: 'bytes=1500000-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  test('refuses a missing key and a missing bucket by S3’s names', async () => {
    await expect(read({ Key: 'none' })).rejects.toMatchObject({
      name: 'NoSuchKey',
      message: 'The specified key does not exist.',
    });
    await expect(read({ Bucket: 'nobodys-bucket' })).rejects.toMatchObject({
      name: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
    });
    await expect(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'none' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    const head = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    expect(head.BucketRegion).toBe(REGION);
  });

  test('lists both objects of a step, page by page', async () => {
    const keys: (string | undefined)[] = [];
    const input = { Bucket: bucket, Prefix: key.replace(/stdout$/, '') };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3, pageSize: 1 }, input)) {
      expect(Contents.length).toBeLessThanOrEqual(1);
      keys.push(...Contents.map(({ Key }) => Key));
    }
    expect(keys).toEqual([key.replace(/stdout$/, 'stderr'), key]);
  });

  test('gives a stream from its beginning, until the next token is the one that was sent', async () => {
    const pages = await logPages(logs, stream, 2);
    expect(pages.flat()).toEqual(subject.messages);
    expect(pages.at(-1)).toEqual([]);
    const { events = [] } = await logs.send(new GetLogEventsCommand({ ...stream, limit: 1 }));
    expect(events.map(({ message }) => message)).toEqual(subject.messages.slice(-1));
  });

  test('refuses a missing log group and a missing stream', async () => {
    const get = (input: object) => logs.send(new GetLogEventsCommand({ ...stream, ...input }));
    await expect(get({ logGroupName: '/none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get({ logStreamName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('gives a step of an invocation, and refuses an unknown node', async () => {
    const { commandId: CommandId, instanceId: InstanceId, pluginName: PluginName } = subject;
    const result = await ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId, PluginName }));
    expect(result).toMatchObject({ CommandId, InstanceId, PluginName, StandardErrorContent: expect.any(String) });
    const unknown = new GetCommandInvocationCommand({ CommandId, InstanceId: 'i-0000000000000000f', PluginName });
    await expect(ssm.send(unknown)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
  });
});
