import { expect, test } from 'vitest';
import { faultsOfReplies, isWithoutBoto, NEEDS_BOTO } from './boto.ts';

const KEY = { CommandId: '11111111-2222-4333-8444-555555555555', InstanceId: 'i-0123456789abcdef0' };
const listed = (item: object, more: object = {}) => ({ CommandInvocations: [{ ...KEY, ...item }], ...more });

const PLANTED: [operation: string, status: number, body: unknown, fault: string][] = [
  ['ListCommandInvocations', 200, listed({}, { Token: 'x' }), 'ListCommandInvocations.Token is not in the model'],
  [
    'ListCommandInvocations',
    200,
    listed({ Rank: 1 }),
    'ListCommandInvocations.CommandInvocations[].Rank is not in the model',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ CommandId: 'x' }),
    'ListCommandInvocations.CommandInvocations[].CommandId is less than 36 characters',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ InstanceId: 'host' }),
    'ListCommandInvocations.CommandInvocations[].InstanceId does not match the pattern (^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ Status: 'Superseded' }),
    'ListCommandInvocations.CommandInvocations[].Status is not in the enumeration: Superseded',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ Comment: null }),
    'ListCommandInvocations.CommandInvocations[].Comment is not a string',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ RequestedDateTime: '2026-03-01T00:00:00Z' }),
    'ListCommandInvocations.CommandInvocations[].RequestedDateTime is not a number of seconds',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ RequestedDateTime: 1.0005 }),
    'ListCommandInvocations.CommandInvocations[].RequestedDateTime is finer than milliseconds',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ CommandPlugins: {} }),
    'ListCommandInvocations.CommandInvocations[].CommandPlugins is not a list',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ CommandPlugins: [{ Output: 'x'.repeat(2501) }] }),
    'ListCommandInvocations.CommandInvocations[].CommandPlugins[].Output is more than 2500 characters',
  ],
  [
    'ListCommandInvocations',
    200,
    listed({ CommandPlugins: [{ ResponseCode: 1.5 }] }),
    'ListCommandInvocations.CommandInvocations[].CommandPlugins[].ResponseCode is not a whole number',
  ],
  [
    'ListCommands',
    200,
    { Commands: [{ Parameters: { commands: 'ls' } }] },
    'ListCommands.Commands[].Parameters.values is not a list',
  ],
  [
    'ListCommands',
    200,
    { Commands: [{ Targets: Array(6).fill({}) }] },
    'ListCommands.Commands[].Targets is more than 5 items',
  ],
  [
    'ListCommands',
    200,
    { Commands: [{ CloudWatchOutputConfig: { CloudWatchOutputEnabled: 1 } }] },
    'ListCommands.Commands[].CloudWatchOutputConfig.CloudWatchOutputEnabled is not a boolean',
  ],
  [
    'GetCommandInvocation',
    200,
    { ...KEY, ExecutionElapsedTime: '91 ms' },
    'GetCommandInvocation.ExecutionElapsedTime does not match the pattern',
  ],
  [
    'ListCommands',
    400,
    { __type: 'InvocationDoesNotExist' },
    'ListCommands 400: InvocationDoesNotExist is not an error of this operation',
  ],
  ['ListCommands', 400, { __type: 'InvalidNextToken', detail: 'x' }, 'ListCommands: InvalidNextToken has another form'],
  ['ListCommands', 404, { __type: 'InvalidNextToken' }, 'ListCommands: InvalidNextToken has the status 404'],
];

test.skipIf(isWithoutBoto)(
  `the check of replies by botocore’s model finds every kind of planted fault ${NEEDS_BOTO}`,
  async () => {
    const replies = PLANTED.map(([operation, status, body]) => ({ operation, status, text: JSON.stringify(body) }));
    const faults = PLANTED.map(([, , , fault]) => fault).toSorted();
    expect(await faultsOfReplies(replies)).toEqual(faults.map((fault) => expect.stringContaining(fault)));
    const sound = { operation: 'ListCommandInvocations', status: 200, text: JSON.stringify(listed({ Comment: '' })) };
    expect(await faultsOfReplies([sound])).toEqual([]);
  },
);
