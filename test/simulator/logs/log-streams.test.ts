import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../../../src/simulator/start-simulator.ts';
import { ACCOUNT, logPages, logsClient } from '../clients.ts';
import { type StoredStep, startFleet, stepWith } from '../stored-steps.ts';

let simulator: Simulator;
let step: StoredStep;
const streamOf = ({ logGroup, streamName }: StoredStep) => ({ logGroupName: logGroup, logStreamName: streamName });
const ranFor = ({ plugin: { ResponseStartDateTime = 0, ResponseFinishDateTime = 0 } }: StoredStep) =>
  ResponseFinishDateTime - ResponseStartDateTime;
beforeAll(async () => {
  simulator = await startFleet();
  step = stepWith(simulator, (one) => one.logGroup !== '' && one.output.stdoutBytes === 1_500_000 && ranFor(one) > 5);
});
afterAll(() => simulator.close());

test('the stream of a step has all its lines, in events of at most 200,000 bytes and pages of at most 1 MiB', async () => {
  const pages = await logPages(logsClient(simulator), streamOf(step));
  const messages = pages.flat();
  expect(messages.length).toBeGreaterThan(5);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.at(-1)).toEqual([]);
  for (const page of pages) expect(Buffer.byteLength(page.join(''))).toBeLessThanOrEqual(1_048_576);
  for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(200_000);
  const text = messages.map((message) => (message.endsWith('\n') ? message : `${message}\n`)).join('');
  expect(text.trimEnd()).toBe(step.output.stdout.toString().trimEnd());
});

test('pages of one event lead forward to the end and back to the beginning, and both ends repeat their token', async () => {
  const client = logsClient(simulator);
  const whole = (await logPages(client, streamOf(step))).flat();
  const single = await logPages(client, streamOf(step), 1);
  expect(single.every((page) => page.length <= 1)).toBe(true);
  expect(single.flat()).toEqual(whole);
  const back: string[] = [];
  for (let token: string | undefined; ; ) {
    const { events = [], nextBackwardToken } = await client.send(
      new GetLogEventsCommand({ ...streamOf(step), limit: 1, nextToken: token }),
    );
    back.unshift(...events.map(({ message = '' }) => message));
    if (nextBackwardToken === token) break;
    token = nextBackwardToken;
  }
  expect(back).toEqual(whole);
});

test('a text with CRLF loses its CRs, and one with UTF-16 or NULs comes as text', async () => {
  const client = logsClient(simulator);
  const ansi = stepWith(simulator, (one) => one.logGroup !== '' && one.output.stdoutBytes === 23_999);
  const [messages = []] = await logPages(client, streamOf(ansi));
  expect(messages.join('\n').replaceAll('\n\n', '\n').trimEnd()).toBe(
    ansi.output.stdout.toString().replaceAll('\r\n', '\n').trimEnd(),
  );
  const nul = stepWith(simulator, (one) => one.logGroup !== '' && one.output.stdoutBytes === 100_000);
  expect((await logPages(client, streamOf(nul))).flat().join('')).toContain('00000001\u0000');
});

test('a line that is too long comes in pieces, and nothing says where one ends', async () => {
  const long = stepWith(simulator, (one) => one.logGroup !== '' && one.output.stdoutBytes === 450_000);
  const messages = (await logPages(logsClient(simulator), streamOf(long))).flat();
  expect(messages.map((message) => message.length)).toEqual([200_000, 200_000, 50_000]);
  expect(messages.join('')).toBe(long.output.stdout.toString());
});

test('startTime and endTime narrow a stream, the first inclusive and the second not', async () => {
  const client = logsClient(simulator);
  const all = await client.send(new GetLogEventsCommand({ ...streamOf(step), startFromHead: true }));
  const at = all.events?.at(-1)?.timestamp ?? 0;
  const from = await client.send(new GetLogEventsCommand({ ...streamOf(step), startTime: at }));
  expect(from.events?.every(({ timestamp = 0 }) => timestamp >= at)).toBe(true);
  const until = await client.send(new GetLogEventsCommand({ ...streamOf(step), endTime: at }));
  expect(until.events?.length).toBeGreaterThan(0);
  expect(until.events?.every(({ timestamp = 0 }) => timestamp < at)).toBe(true);
});

test('an unknown group, a stream of an empty output, and a token of another stream are refused in the words of the service', async () => {
  const client = logsClient(simulator);
  const get = (input: object) => client.send(new GetLogEventsCommand({ ...streamOf(step), ...input }));
  await expect(get({ logGroupName: '/other' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  const empty = stepWith(simulator, ({ logGroup, output }) => logGroup !== '' && output.stdoutBytes === 0);
  await expect(get({ logStreamName: empty.streamName })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
  const { nextForwardToken } = await get({ limit: 1 });
  const other = stepWith(simulator, (one) => one.logGroup !== '' && one.output.stdoutBytes === 2500);
  await expect(get({ logStreamName: other.streamName, nextToken: nextForwardToken })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'The specified nextToken is invalid.',
  });
  await expect(get({ limit: 10_001 })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  expect(simulator.stats.calls.GetLogEvents).toBeGreaterThan(4);
});

test('another account and another region do not see the group', async () => {
  for (const client of [logsClient(simulator, '999900001111'), logsClient(simulator, ACCOUNT, 'us-east-1')]) {
    await expect(logPages(client, streamOf(step))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  }
});
