import { afterEach, beforeEach, expect, test } from 'vitest';
import { noFaults } from '../../src/simulator/faults.ts';
import { type Simulator, startSimulator } from '../../src/simulator/start-simulator.ts';
import { ACCOUNT, idOf, listPages, NOW, ONE, post, REGION, ssmClient } from './clients.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 3, accounts: ONE, invocations: 300, now: NOW, clockRate: 0 });
});
afterEach(() => simulator.close());
const truth = () => [...simulator.truth(ACCOUNT, REGION)];
const list = (MaxResults = 10) => listPages(ssmClient(simulator), { MaxResults });

/** Returns the outcomes of this many requests, one after another: an error's name, or 'ok'. */
async function outcomes(count: number): Promise<string[]> {
  const client = ssmClient(simulator);
  const seen: string[] = [];
  for (let index = 0; index < count; index++) {
    const outcome = listPages(client, { MaxResults: 50, CommandId: truth()[0]?.CommandId }).then(() => 'ok');
    seen.push(await outcome.catch((error: Error) => error.name));
  }
  return seen;
}

test('throttleRate refuses some requests with ThrottlingException and counts them', async () => {
  simulator.faults.throttleRate = 0.5;
  const throttled = (await outcomes(20)).filter((name) => name === 'ThrottlingException').length;
  expect(throttled).toBeGreaterThan(2);
  expect(throttled).toBeLessThan(18);
  expect(simulator.stats.throttles).toBe(throttled);
  expect(simulator.stats.calls.ListCommandInvocations).toBe(20);
});

test('requestsPerSecond lets a burst through and then refuses', async () => {
  Object.assign(simulator.faults, { requestsPerSecond: 0.001, burst: 3 });
  expect(await outcomes(5)).toEqual(['ok', 'ok', 'ok', 'ThrottlingException', 'ThrottlingException']);
});

test('errorRate answers 500 InternalServerError', async () => {
  simulator.faults.errorRate = 1;
  expect(await post(simulator, {})).toMatchObject({
    status: 500,
    text: expect.stringContaining('InternalServerError'),
  });
});

test('dropRate breaks connections, before the reply and in the middle of it', async () => {
  simulator.faults.dropRate = 1;
  const failures = await Promise.all(Array.from({ length: 12 }, () => post(simulator, {}).catch(String)));
  expect(failures.every((failure) => typeof failure === 'string')).toBe(true);
  expect(new Set(failures).size).toBe(2);
  expect(simulator.stats.drops).toBe(12);
});

test('slowRate delays replies', async () => {
  Object.assign(simulator.faults, { slowRate: 1, slowMs: 40 });
  const start = performance.now();
  await post(simulator, {});
  expect(performance.now() - start).toBeGreaterThanOrEqual(35);
});

test('drippingOperations send their whole replies byte by byte; other replies come at once', async () => {
  const ask = () => post(simulator, { MaxResults: 1 }, { target: 'AmazonSSM.ListCommands' });
  const { text } = await ask();
  Object.assign(simulator.faults, { drippingOperations: ['ListCommands'], dripMs: 1 });
  const start = performance.now();
  expect((await ask()).text).toHaveLength(text.length);
  // A timer of 1 ms may fire up to 1 ms early each time.
  expect(performance.now() - start).toBeGreaterThanOrEqual(text.length * 0.5);
  await list();
  expect(simulator.stats.drips).toBe(1);
});

test('tokenLifePages ends a listing with InvalidNextToken after this many pages', async () => {
  simulator.faults.tokenLifePages = 3;
  await expect(list()).rejects.toMatchObject({ name: 'InvalidNextToken' });
  expect(simulator.stats.pages).toBe(3);
  const Filters = [{ key: 'InvokedAfter' as const, value: new Date(NOW.getTime() - 86_400_000).toISOString() }];
  expect((await listPages(ssmClient(simulator), { MaxResults: 10, Filters })).length).toBeLessThanOrEqual(3);
});

test('tokenLifeMs ends a listing with InvalidNextToken once its first page is that old', async () => {
  simulator.faults.tokenLifeMs = 60_000;
  const { NextToken } = JSON.parse((await post(simulator, {})).text);
  expect((await post(simulator, { NextToken })).status).toBe(200);
  simulator.clock.advance(60_001);
  expect((await post(simulator, { NextToken })).text).toContain('InvalidNextToken');
});

test('invalidTokenRate refuses some good tokens', async () => {
  simulator.faults.invalidTokenRate = 1;
  await expect(list()).rejects.toMatchObject({ name: 'InvalidNextToken' });
});

test('emptyPageRate returns empty pages with a token, and nothing is missed', async () => {
  simulator.faults.emptyPageRate = 0.4;
  const pages = await list();
  expect(pages.filter((page) => page.length === 0).length).toBe(simulator.stats.emptyPages);
  expect(simulator.stats.emptyPages).toBeGreaterThan(2);
  expect(pages.flat().map(idOf)).toEqual(truth().map(idOf));
});

test('shortPageRate returns short pages, and nothing is missed', async () => {
  simulator.faults.shortPageRate = 0.6;
  const pages = await list();
  expect(pages.slice(0, -1).filter((page) => page.length < 10).length).toBe(simulator.stats.shortPages);
  expect(simulator.stats.shortPages).toBeGreaterThan(2);
  expect(pages.flat().map(idOf)).toEqual(truth().map(idOf));
});

test('repeatRate returns items again on the next page, and nothing is missed', async () => {
  simulator.faults.repeatRate = 0.6;
  const items = (await list()).flat().map(idOf);
  expect(items.length).toBe(truth().length + simulator.stats.repeats);
  expect(simulator.stats.repeats).toBeGreaterThan(3);
  expect([...new Set(items)]).toEqual(truth().map(idOf));
});

test('filterAfterPaging cuts pages before it filters, so that pages are short or empty', async () => {
  simulator.faults.filterAfterPaging = true;
  const Filters = [{ key: 'Status' as const, value: 'Failed' }];
  const pages = await listPages(ssmClient(simulator), { MaxResults: 10, Filters });
  expect(pages.length).toBe(Math.ceil(truth().length / 10));
  expect(pages.some((page) => page.length === 0)).toBe(true);
  expect(pages.flat().map(idOf)).toEqual(
    truth()
      .filter(({ Status }) => Status === 'Failed')
      .map(idOf),
  );
});

test('deniedAccounts and deniedOperations refuse with an error that names the user and the action, and expiredAccounts refuses an expired token', async () => {
  simulator.faults.deniedAccounts = [ACCOUNT];
  const message = (await list().catch((error: Error) => error))?.toString();
  expect(message).toContain(
    `User: arn:aws:iam::${ACCOUNT}:user/operator is not authorized to perform: ssm:ListCommandInvocations on resource: arn:aws:ssm:${REGION}:${ACCOUNT}:*`,
  );
  Object.assign(simulator.faults, { ...noFaults(), deniedOperations: ['ListCommandInvocations'] });
  await expect(list()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  Object.assign(simulator.faults, { ...noFaults(), expiredAccounts: [ACCOUNT] });
  await expect(list()).rejects.toMatchObject({ name: 'ExpiredTokenException' });
});

test('clockSkewMs moves the Date header and the time up to which invocations are shown', async () => {
  simulator.faults.clockSkewMs = 6 * 3_600_000;
  const { headers } = await post(simulator, {});
  expect(headers.get('date')).toBe(new Date(NOW.getTime() + 6 * 3_600_000).toUTCString());
  expect((truth()[0]?.RequestedDateTime ?? 0) * 1000).toBeGreaterThan(NOW.getTime());
});

test('fewerPlugins drops the last step of final invocations, one hour after their end', () => {
  const several = () =>
    truth().filter(({ Status, CommandPlugins = [] }) => Status === 'Success' && CommandPlugins.length);
  const before = new Map(several().map((item) => [idOf(item), item.CommandPlugins?.length ?? 0]));
  simulator.faults.fewerPlugins = 1;
  const fewer = several().filter((item) => (item.CommandPlugins?.length ?? 0) < (before.get(idOf(item)) ?? 0));
  expect(fewer.length).toBeGreaterThan(10);
});

test('unmodelledMembers adds members, unknownStatuses changes final statuses, and listings agree with the truth', async () => {
  Object.assign(simulator.faults, { unmodelledMembers: true, unknownStatuses: 0.5 });
  const { CommandInvocations } = JSON.parse((await post(simulator, { MaxResults: 50, Details: true })).text);
  expect(CommandInvocations).toEqual(truth().slice(0, 50));
  expect(CommandInvocations[0]).toHaveProperty('ClientId');
  expect(truth().some(({ Status }) => Status === 'Superseded')).toBe(true);
});

test('exponentTimestamps writes times as the service sometimes does, and clients read the same times', async () => {
  simulator.faults.exponentTimestamps = true;
  expect((await post(simulator, {})).text).toMatch(/"RequestedDateTime":1\.\d+E9/);
  const [first] = (await list()).flat();
  expect(first?.RequestedDateTime?.getTime()).toBe(Math.round((truth()[0]?.RequestedDateTime ?? 0) * 1000));
});
