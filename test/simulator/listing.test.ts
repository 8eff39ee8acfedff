import { GetCommandInvocationCommand, ListCommandsCommand, paginateListCommands } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, idOf, listPages, NOW, ONE, REGION, ssmClient } from './clients.ts';

const OPTIONS = {
  seed: 7,
  accounts: ONE,
  invocations: 1500,
  now: NOW,
  clockRate: 0,
  rollingShare: 0.1,
  longShare: 0.1,
};
let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator(OPTIONS);
});
afterAll(() => simulator.close());
const truth = () => [...simulator.truth(ACCOUNT, REGION)];

test('a listing returns every invocation of the simulated fleet once, unchanged, newest first', async () => {
  const items = (await listPages(ssmClient(simulator), { Details: true })).flat();
  expect(items.map(idOf)).toEqual(truth().map(idOf));
  expect(new Set(items.map(idOf)).size).toBe(items.length);
  expect(items.length).toBeGreaterThan(1200);
  const shown = items.map(({ CommandPlugins = [] }) => CommandPlugins.map(({ Output }) => Output));
  expect(shown).toEqual(truth().map(({ CommandPlugins = [] }) => CommandPlugins.map(({ Output }) => Output)));
  const times = items.map(({ RequestedDateTime }) => RequestedDateTime?.getTime() ?? 0);
  expect(times).toEqual([...times].sort((a, b) => b - a));
});

test('invocations that are older than thirty days or not yet requested are not shown', () => {
  const times = truth().map(({ RequestedDateTime = 0 }) => RequestedDateTime * 1000);
  expect(Math.max(...times)).toBeLessThanOrEqual(NOW.getTime());
  expect(Math.min(...times)).toBeGreaterThanOrEqual(NOW.getTime() - 30 * 86_400_000);
});

test('the same seed makes the same history, and another seed makes another history', async () => {
  const [same, other] = await Promise.all([startSimulator(OPTIONS), startSimulator({ ...OPTIONS, seed: 8 })]);
  expect([...same.truth(ACCOUNT, REGION)]).toEqual(truth());
  expect([...other.truth(ACCOUNT, REGION)].map(idOf)).not.toEqual(truth().map(idOf));
  await Promise.all([same.close(), other.close()]);
});

test('InvokedAfter includes its own time and InvokedBefore does not', async () => {
  const client = ssmClient(simulator);
  const [newer, older] = [truth()[20], truth()[40]].map((item) =>
    new Date((item?.RequestedDateTime ?? 0) * 1000).toISOString(),
  );
  const Filters = [
    { key: 'InvokedAfter' as const, value: older },
    { key: 'InvokedBefore' as const, value: newer },
  ];
  const items = (await listPages(client, { Filters })).flat();
  expect(items.map(idOf)).toEqual(truth().slice(21, 41).map(idOf));
});

test('the filter Status accepts values of Status and of StatusDetails', async () => {
  for (const value of ['Failed', 'Undeliverable', 'TimedOut', 'DeliveryTimedOut', 'InProgress', 'Success']) {
    const items = (await listPages(ssmClient(simulator), { Filters: [{ key: 'Status', value }] })).flat();
    const expected = truth().filter(({ Status, StatusDetails }) => Status === value || StatusDetails === value);
    expect(items.map(idOf)).toEqual(expected.map(idOf));
    expect(items.length).toBeGreaterThan(0);
  }
});

test('DocumentName, InstanceId and CommandId each narrow a listing to matching invocations', async () => {
  const client = ssmClient(simulator);
  const sample = truth()[100];
  const asked = { CommandId: sample?.CommandId, InstanceId: sample?.InstanceId };
  const ofNode = (await listPages(client, { InstanceId: asked.InstanceId, MaxResults: 7 })).flat();
  expect(ofNode.map(idOf)).toEqual(
    truth()
      .filter(({ InstanceId }) => InstanceId === asked.InstanceId)
      .map(idOf),
  );
  const ofCommand = (await listPages(client, { CommandId: asked.CommandId, MaxResults: 2 })).flat();
  expect(ofCommand.map(idOf)).toEqual(
    truth()
      .filter(({ CommandId }) => CommandId === asked.CommandId)
      .map(idOf),
  );
  expect((await listPages(client, asked)).flat().map(idOf)).toEqual([idOf(asked)]);
  const value = sample?.DocumentName ?? '';
  const ofDocument = (await listPages(client, { Filters: [{ key: 'DocumentName', value }] })).flat();
  expect(ofDocument.length).toBe(truth().filter(({ DocumentName }) => DocumentName === value).length);
});

test('invocations of a MaxConcurrency 1 command are requested hours apart, and filterTime decides whether their own time or the command’s counts', async () => {
  const client = ssmClient(simulator);
  const { Commands = [] } = await client.send(new ListCommandsCommand({ MaxResults: 50 }));
  const rolling = Commands.find(({ MaxConcurrency, TargetCount = 0 }) => MaxConcurrency === '1' && TargetCount > 2);
  const items = (await listPages(client, { CommandId: rolling?.CommandId })).flat();
  const sentMs = rolling?.RequestedDateTime?.getTime() ?? 0;
  const lastMs = items[0]?.RequestedDateTime?.getTime() ?? 0;
  expect(lastMs - sentMs).toBeGreaterThan(3_600_000);
  const Filters = [{ key: 'InvokedBefore' as const, value: new Date(sentMs + 1000).toISOString() }];
  const CommandId = rolling?.CommandId;
  expect((await listPages(client, { CommandId, Filters })).flat()).toHaveLength(1);
  const other = await startSimulator({ ...OPTIONS, filterTime: 'command' });
  expect((await listPages(ssmClient(other), { CommandId, Filters })).flat()).toHaveLength(items.length);
  await other.close();
});

test('as time passes, invocations end, new invocations appear, and the service forgets old ones', async () => {
  const moving = await startSimulator(OPTIONS);
  const before = [...moving.truth(ACCOUNT, REGION)];
  moving.clock.advance(2 * 86_400_000);
  const after = new Map([...moving.truth(ACCOUNT, REGION)].map((item) => [idOf(item), item]));
  const known = new Set(before.map(idOf));
  expect([...after.keys()].filter((id) => !known.has(id)).length).toBeGreaterThan(50);
  expect(before.filter((item) => !after.has(idOf(item))).length).toBeGreaterThan(50);
  const open = before.filter(({ Status }) => Status === 'InProgress');
  expect(open.length).toBeGreaterThan(0);
  expect(open.some((item) => after.get(idOf(item))?.Status === 'Success')).toBe(true);
  await moving.close();
});

test('ListCommands counts the invocations of a command, and ExecutionStage selects the commands that still run', async () => {
  const client = ssmClient(simulator);
  const stages = ['Executing', 'Complete'].map((value) => [{ key: 'ExecutionStage' as const, value }]);
  const counts: number[] = [];
  for (const Filters of [undefined, ...stages]) {
    let count = 0;
    for await (const { Commands = [] } of paginateListCommands({ client }, { Filters })) count += Commands.length;
    counts.push(count);
  }
  const [all = 0, executing = 0, complete = 0] = counts;
  expect(executing).toBeGreaterThan(0);
  expect(executing + complete).toBe(all);
});

test('GetCommandInvocation returns a complete step, and requires its name if there are several', async () => {
  const client = ssmClient(simulator);
  const ended = truth().filter(({ Status }) => Status === 'Success');
  const single = ended.find(({ CommandPlugins }) => CommandPlugins?.length === 1);
  const several = ended.find(({ CommandPlugins = [] }) => CommandPlugins.length > 1);
  const ask = (item: typeof single, PluginName?: string) =>
    client.send(
      new GetCommandInvocationCommand({ CommandId: item?.CommandId, InstanceId: item?.InstanceId, PluginName }),
    );
  const result = await ask(single);
  const plugin = single?.CommandPlugins?.[0];
  expect(result.PluginName).toBe(plugin?.Name);
  expect(result.ExecutionStartDateTime).toBe(new Date((plugin?.ResponseStartDateTime ?? 0) * 1000).toISOString());
  expect(result.ExecutionElapsedTime).toMatch(/^PT(\d+H)?(\d+M)?(\d+(\.\d+)?S)?$/);
  await expect(ask(several)).rejects.toMatchObject({ name: 'InvalidPluginName' });
  await expect(ask(several, 'noSuchStep')).rejects.toMatchObject({ name: 'InvalidPluginName' });
  expect((await ask(several, several?.CommandPlugins?.[1]?.Name)).Status).toBe('Success');
});

test('each account and region shows only its own invocations, and an unknown account or region shows none', async () => {
  expect((await listPages(ssmClient(simulator, '999900001111'))).flat()).toEqual([]);
  expect((await listPages(ssmClient(simulator, ACCOUNT, 'us-east-1'))).flat()).toEqual([]);
});
