import {
  paginateListCommandInvocations,
  paginateListCommands,
  SSMClient,
  waitUntilCommandExecuted,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandInvocationRecord } from '../../../../src/http/aws/records.ts';
import { idOf, REGION } from '../../../simulator/clients.ts';
import { until } from '../../../until.ts';
import { readPages } from '../read-pages.ts';
import { faultsOfReplies, isWithoutBoto, NEEDS_BOTO, runPython } from './boto.ts';
import { type ClientTrial, startClientTrial } from './client-trial.ts';

let trial: ClientTrial;
let truth: CommandInvocationRecord[];
let commandIds: unknown[];
let client: SSMClient;

beforeAll(async () => {
  trial = await startClientTrial();
  truth = trial.truth();
  const all = { name: 'all commands', operation: 'ListCommands', body: {} } as const;
  commandIds = (await readPages(trial.fleet.simulator, all)).flat().map(({ CommandId }) => CommandId);
  const { recorder, credentials } = trial;
  client = new SSMClient({ endpoint: recorder.url, region: REGION, credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await trial.close();
});

/** The key of the newest invocation that has one step and this status. */
function keyOfStatus(status: string): { CommandId: string; InstanceId: string } {
  const found = truth.find(({ Status, CommandPlugins }) => Status === status && CommandPlugins?.length === 1);
  if (!found) throw new Error(`Nothing is ${status}.`);
  return { CommandId: found.CommandId, InstanceId: found.InstanceId };
}

const sizes = (count: number, size: number) =>
  Array.from({ length: Math.ceil(count / size) }, (_, page) => Math.min(size, count - page * size));

/** Dates as epoch seconds, as they are sent. */
function wire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wire(member)]));
}

describe('the JavaScript SDK at an archive', () => {
  test('its paginators end, with pages of the size asked for, and return everything that the service lists', async () => {
    const found: unknown[] = [];
    const lengths: number[] = [];
    for await (const { CommandInvocations = [] } of paginateListCommandInvocations(
      { client, pageSize: 30, stopOnSameToken: true },
      { Details: true },
    )) {
      found.push(...CommandInvocations);
      lengths.push(CommandInvocations.length);
    }
    expect(wire(found)).toEqual(truth);
    expect(lengths).toEqual(sizes(truth.length, 30));
    const commands: unknown[] = [];
    for await (const { Commands = [] } of paginateListCommands({ client, pageSize: 9 }, {})) {
      commands.push(...Commands.map(({ CommandId }) => CommandId));
    }
    expect(commands).toEqual(commandIds);
  });

  test('a paginator can start at a token of another paginator with the same query', async () => {
    const input = { Filters: [{ key: 'Status', value: 'Failed' } as const] };
    const failed = truth.filter(({ Status }) => Status === 'Failed').map(idOf);
    let startingToken: string | undefined;
    for await (const { NextToken } of paginateListCommandInvocations({ client, pageSize: 5 }, input)) {
      startingToken = NextToken;
      break;
    }
    const rest: string[] = [];
    const paging = { client, pageSize: 3, startingToken };
    for await (const { CommandInvocations = [] } of paginateListCommandInvocations(paging, input))
      rest.push(...CommandInvocations.map(idOf));
    expect(rest.length).toBeGreaterThan(3);
    expect(rest).toEqual(failed.slice(5));
  });

  test('its waiter succeeds for an invocation that succeeded, and fails for one that failed', async () => {
    const waiting = { client, maxWaitTime: 10 };
    expect(await waitUntilCommandExecuted(waiting, keyOfStatus('Success'))).toMatchObject({ state: 'SUCCESS' });
    await expect(waitUntilCommandExecuted(waiting, keyOfStatus('Failed'))).rejects.toThrow('"state":"FAILURE"');
  });
});

describe.skipIf(isWithoutBoto)(`boto3 at an archive ${NEEDS_BOTO}`, () => {
  test('its paginators, its waiter and its exceptions behave as with the service', async () => {
    const [succeeded, failed] = [keyOfStatus('Success'), keyOfStatus('Failed')];
    const asked = { endpoint: trial.recorder.url, succeeded, failed };
    expect(await runPython('drive_boto3.py', asked, trial.env)).toEqual({
      sizes: sizes(truth.length, 30),
      invocations: truth,
      failed: truth
        .filter(({ Status }) => Status === 'Failed')
        .map(({ CommandId, InstanceId }) => [CommandId, InstanceId]),
      resumed: sizes(truth.length, 33),
      commands: commandIds,
      waited: ['Success', 'Failed'],
      refused: [
        ['InvalidCommandId', 'InvalidCommandId', expect.any(String)],
        ['InvalidPluginName', 'InvalidPluginName', expect.any(String)],
        ['InvalidNextToken', 'InvalidNextToken', "The specified token isn't valid."],
        ['ClientError', 'ValidationException', expect.stringContaining("Value '51' at 'maxResults'")],
        ['ClientError', 'UnknownOperationException', expect.stringContaining('This archive serves')],
      ],
    });
  });

  test('its waiter ends once a pass has collected the end of the invocation', async () => {
    const awaited = keyOfStatus('InProgress');
    const { exchanges, url: endpoint } = trial.recorder;
    const polls = () =>
      exchanges.filter(({ body, operation }) => operation === 'GetCommandInvocation' && idOf(body) === idOf(awaited));
    const ended = runPython('drive_boto3.py', { endpoint, awaited }, trial.env);
    await until(() => polls().length > 0);
    expect(JSON.parse(polls()[0]?.text ?? '')).toMatchObject({ Status: 'InProgress', ResponseCode: -1 });
    trial.fleet.simulator.clock.advance(13 * 86_400_000);
    await trial.fleet.collect();
    const status = await ended;
    expect(status).toBe(trial.truth().find((invocation) => idOf(invocation) === idOf(awaited))?.Status);
    expect(status).toBe('Success');
  });

  test('gets only replies that fit botocore’s model, and so does the JavaScript SDK', async () => {
    const replies = trial.recorder.exchanges.map(({ operation, status, text }) => ({ operation, status, text }));
    expect(new Set(replies.map(({ operation }) => operation)).size).toBe(4);
    expect(await faultsOfReplies(replies)).toEqual([]);
  });
});
