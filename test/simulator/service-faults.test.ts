import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { noFaults } from '../../src/simulator/faults.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, logPages, logsClient, NOW, s3Client, ssmClient } from './clients.ts';
import { type StoredStep, startFleet, stepWith } from './stored-steps.ts';

let simulator: Simulator;
let step: StoredStep;
beforeAll(async () => {
  simulator = await startFleet();
  step = stepWith(
    simulator,
    ({ bucket, logGroup, output }) => bucket !== '' && logGroup !== '' && output.stdoutBytes === 100_000,
  );
});
beforeEach(() => {
  Object.assign(simulator.faults, noFaults());
  simulator.clock.set(NOW);
});
afterAll(() => simulator.close());

/** One call of each operation that reads an output. */
const READS: Readonly<Record<string, () => Promise<unknown>>> = {
  GetCommandInvocation: () => {
    const { CommandId, InstanceId } = step.item;
    const input = { CommandId, InstanceId, PluginName: step.plugin.Name };
    return ssmClient(simulator).send(new GetCommandInvocationCommand(input));
  },
  GetObject: async () => {
    const { Body } = await s3Client(simulator).send(new GetObjectCommand({ Bucket: step.bucket, Key: step.key }));
    return Body?.transformToByteArray();
  },
  GetLogEvents: () => logsClient(simulator).send(new GetLogEventsCommand(streamOf())),
};
const streamOf = () => ({ logGroupName: step.logGroup, logStreamName: step.streamName });
const outcome = (operation: string) =>
  (READS[operation]?.() ?? Promise.reject(new Error(operation))).then(
    () => 'ok',
    (error: Error) => error.name,
  );

test.each([
  ['GetCommandInvocation', 'ThrottlingException', 'InternalServerError', 'AccessDeniedException'],
  ['GetObject', 'SlowDown', 'InternalError', 'AccessDenied'],
  ['GetLogEvents', 'ThrottlingException', 'InternalServerError', 'AccessDeniedException'],
])('faults of %s leave all other operations alone', async (operation, throttled, failed, denied) => {
  const others = Object.keys(READS).filter((name) => name !== operation);
  const expectOnly = async (name: string) => {
    expect(await outcome(operation)).toBe(name);
    for (const other of others) expect(await outcome(other)).toBe('ok');
  };
  await expectOnly('ok');
  simulator.faults.byOperation = { [operation]: { throttleRate: 1 } };
  await expectOnly(throttled);
  simulator.faults.byOperation = { [operation]: { errorRate: 1 } };
  await expectOnly(failed);
  simulator.faults.byOperation = {};
  simulator.faults.deniedOperations = [operation];
  await expectOnly(denied);
});

test.each(Object.keys(READS))(
  'a dropped reply of %s, and half a reply, are errors and never a shorter answer',
  async (operation) => {
    for (const fault of ['dropRate', 'halfRate'] as const) {
      const { drops } = simulator.stats;
      simulator.faults.byOperation = { [operation]: { [fault]: 1 } };
      for (let count = 0; count < 4; count++) expect(await outcome(operation)).not.toBe('ok');
      expect(simulator.stats.drops).toBe(drops + 4);
    }
  },
);

test('a fault of one operation takes the place of the fault of all', async () => {
  simulator.faults.throttleRate = 1;
  simulator.faults.byOperation = { GetObject: { throttleRate: 0 } };
  expect(await outcome('GetObject')).toBe('ok');
  expect(await outcome('GetLogEvents')).toBe('ThrottlingException');
});

test('a refusal names the permission and what it is missing for', async () => {
  simulator.faults.deniedOperations = ['GetObject', 'GetLogEvents'];
  const user = `User: arn:aws:iam::${ACCOUNT}:user/operator is not authorized to perform`;
  await expect(READS.GetObject?.()).rejects.toMatchObject({
    message: expect.stringContaining(`${user}: s3:GetObject on resource: "arn:aws:s3:::${step.bucket}/${step.key}"`),
    $metadata: { httpStatusCode: 403 },
  });
  await expect(READS.GetLogEvents?.()).rejects.toMatchObject({
    message: expect.stringContaining(
      `${user}: logs:GetLogEvents on resource: arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:${step.logGroup}:log-stream:${step.streamName}`,
    ),
  });
});

test('a bucket or a log group can be denied or deleted by its name', async () => {
  simulator.faults.deniedStores = [step.bucket];
  expect([await outcome('GetObject'), await outcome('GetLogEvents')]).toEqual(['AccessDenied', 'ok']);
  simulator.faults.deniedStores = [step.logGroup];
  expect([await outcome('GetObject'), await outcome('GetLogEvents')]).toEqual(['ok', 'AccessDeniedException']);
  simulator.faults.deniedStores = [];
  simulator.faults.deletedStores = [step.bucket, step.logGroup];
  expect([await outcome('GetObject'), await outcome('GetLogEvents')]).toEqual([
    'NoSuchBucket',
    'ResourceNotFoundException',
  ]);
});

test('a caller that may not list a bucket is told that access to a missing object is denied', async () => {
  simulator.faults.deniedOperations = ['ListObjectsV2'];
  const client = s3Client(simulator);
  await expect(client.send(new ListObjectsV2Command({ Bucket: step.bucket }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  await expect(client.send(new GetObjectCommand({ Bucket: step.bucket, Key: 'none' }))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  expect(await outcome('GetObject')).toBe('ok');
});

test('objectLifeMs removes objects and logRetentionMs empties streams once they are that old', async () => {
  const day = 86_400_000;
  const client = s3Client(simulator);
  const head = () => client.send(new HeadObjectCommand({ Bucket: step.bucket, Key: step.key }));
  Object.assign(simulator.faults, { objectLifeMs: 40 * day, logRetentionMs: 40 * day });
  await head();
  expect((await logPages(logsClient(simulator), streamOf()))[0]).not.toEqual([]);
  simulator.clock.advance(41 * day);
  await expect(head()).rejects.toMatchObject({ name: 'NotFound' });
  expect(await outcome('GetObject')).toBe('NoSuchKey');
  expect(await logPages(logsClient(simulator), streamOf())).toEqual([[], []]);
});

test('outputs outlive the thirty days after which the service has forgotten their command', async () => {
  simulator.clock.advance(60 * 86_400_000);
  expect(await outcome('GetCommandInvocation')).toBe('InvocationDoesNotExist');
  expect([await outcome('GetObject'), await outcome('GetLogEvents')]).toEqual(['ok', 'ok']);
});

test('emptyPageRate puts empty pages between those of a stream, with new tokens, and nothing is missed', async () => {
  const whole = (await logPages(logsClient(simulator), streamOf())).flat();
  Object.assign(simulator.faults, { emptyPageRate: 0.5 });
  const pages = await logPages(logsClient(simulator), streamOf(), 1);
  expect(pages.flat()).toEqual(whole);
  expect(pages.filter((page) => page.length === 0).length).toBeGreaterThan(1);
});

test('expiredAccounts, drippingOperations and slowRate work for outputs too', async () => {
  simulator.faults.expiredAccounts = [ACCOUNT];
  expect([await outcome('GetObject'), await outcome('GetLogEvents')]).toEqual([
    'ExpiredToken',
    'ExpiredTokenException',
  ]);
  Object.assign(simulator.faults, noFaults(), { byOperation: { GetObject: { slowRate: 1 } }, slowMs: 40 });
  const start = performance.now();
  expect(await outcome('GetObject')).toBe('ok');
  expect(performance.now() - start).toBeGreaterThanOrEqual(35);
  Object.assign(simulator.faults, noFaults(), { drippingOperations: ['GetLogEvents'], dripMs: 1 });
  const small = stepWith(
    simulator,
    ({ logGroup, output }) => logGroup !== '' && output.stdoutBytes < 60 && output.stdoutBytes > 2,
  );
  const { drips } = simulator.stats;
  const { logGroup, streamName } = small;
  await logPages(logsClient(simulator), { logGroupName: logGroup, logStreamName: streamName });
  expect(simulator.stats.drips).toBe(drips + 2);
});
