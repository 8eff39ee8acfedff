import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/start-simulator.ts';
import { NOW, ONE, post } from '../../simulator/clients.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 1, accounts: ONE, invocations: 200, now: NOW, clockRate: 0 });
});
afterAll(() => simulator.close());

const COMMAND = '11111111-2222-4333-8444-555555555555';
const ID_PATTERN = '(^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)';
const status = { key: 'Status', value: 'Success' };

test.each<[string, unknown, string]>([
  [
    'MaxResults above 50',
    { MaxResults: 51 },
    "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50",
  ],
  [
    'MaxResults below 1',
    { MaxResults: 0 },
    "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'a CommandId of 35 characters',
    { CommandId: COMMAND.slice(1) },
    `1 validation error detected: Value '${COMMAND.slice(1)}' at 'commandId' failed to satisfy constraint: Member must have length greater than or equal to 36`,
  ],
  [
    'an InstanceId of no managed node',
    { InstanceId: 'i-123' },
    `1 validation error detected: Value 'i-123' at 'instanceId' failed to satisfy constraint: Member must satisfy regular expression pattern: ${ID_PATTERN}`,
  ],
  [
    'an unknown filter key',
    { Filters: [{ key: 'Nope', value: 'x' }] },
    "1 validation error detected: Value 'Nope' at 'filters.1.member.key' failed to satisfy constraint: Member must satisfy enum value set: [InvokedAfter, InvokedBefore, Status, ExecutionStage, DocumentName]",
  ],
  [
    'a filter without a value',
    { Filters: [status, { key: 'Status' }] },
    "1 validation error detected: Value null at 'filters.2.member.value' failed to satisfy constraint: Member must not be null",
  ],
  [
    'an empty list of filters',
    { Filters: [] },
    "1 validation error detected: Value '[]' at 'filters' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'several faults in one sentence',
    { MaxResults: 51, InstanceId: 'x' },
    `2 validation errors detected: Value 'x' at 'instanceId' failed to satisfy constraint: Member must satisfy regular expression pattern: ${ID_PATTERN}; Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50`,
  ],
])('ValidationException reports this with the message of the service: %s', async (_, body, message) => {
  const reply = await post(simulator, body);
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.text)).toEqual({ __type: 'ValidationException', message });
});

test('a list refuses six filters, one more than the maximum', async () => {
  const { text } = await post(simulator, { Filters: Array(6).fill(status) });
  expect(text).toContain("at 'filters' failed to satisfy constraint: Member must have length less than or equal to 5");
});

test.each(['yesterday', '2026-02-30T00:00:00Z', '2026-01-01T25:00:00Z', '1767225600'])(
  'InvokedAfter refuses the date %s',
  async (value) => {
    const { text } = await post(simulator, { Filters: [{ key: 'InvokedAfter', value }] });
    expect(JSON.parse(text)).toMatchObject({ __type: 'ValidationException' });
  },
);

test.each<[string, unknown, Parameters<typeof post>[2], object]>([
  ['a body that is not JSON', '{', {}, { __type: 'SerializationException' }],
  ['a body that is not an object', '[]', {}, { __type: 'SerializationException' }],
  ['a number instead of a text', { CommandId: 5 }, {}, { __type: 'SerializationException' }],
  ['a text instead of a number', { MaxResults: '5' }, {}, { __type: 'SerializationException' }],
  ['types before constraints', { MaxResults: 51, Details: 'yes' }, {}, { __type: 'SerializationException' }],
  ['JSON before the operation', '{', { target: 'AmazonSSM.Nope' }, { __type: 'SerializationException' }],
  [
    'the operation before authentication',
    {},
    { target: 'AmazonSSM.SendCommand', isSigned: false },
    { __type: 'UnknownOperationException' },
  ],
  ['another service', {}, { target: 'AmazonEC2.ListCommands' }, { __type: 'UnknownOperationException' }],
  [
    'authentication before types',
    { CommandId: 5 },
    { isSigned: false },
    { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
  ],
  [
    'ExecutionStage on ListCommandInvocations',
    { Filters: [{ key: 'ExecutionStage', value: 'Complete' }] },
    {},
    { __type: 'InvalidFilterKey' },
  ],
  ['an invented token', { NextToken: 'abc' }, {}, { __type: 'InvalidNextToken', message: expect.any(String) }],
  [
    'an invocation that does not exist',
    { CommandId: COMMAND, InstanceId: 'i-12345678' },
    { target: 'AmazonSSM.GetCommandInvocation' },
    { __type: 'InvocationDoesNotExist' },
  ],
  [
    'an id that is not a UUID, for a single invocation',
    { CommandId: 'x'.repeat(36), InstanceId: 'i-12345678' },
    { target: 'AmazonSSM.GetCommandInvocation' },
    { __type: 'InvalidCommandId' },
  ],
])(
  'errors have the form of the service, and requests are checked in the same order: %s',
  async (_, body, options, error) => {
    const reply = await post(simulator, body, options);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toEqual(error);
  },
);

test('an Authorization header without its parts gets an IncompleteSignatureException that names the missing parts', async () => {
  const { text } = await post(simulator, {}, { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d' } });
  expect(JSON.parse(text)).toMatchObject({
    __type: 'IncompleteSignatureException',
    message: expect.stringContaining("requires 'Signature' parameter"),
  });
});

test('a presigned request names its caller and region in the query', async () => {
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': '111122223333/20260315/eu-west-1/ssm/aws4_request',
    'X-Amz-Date': '20260315T120000Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '00',
  });
  const response = await fetch(`${simulator.url}/?${query}`, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSSM.ListCommandInvocations' },
    body: '{"MaxResults":1}',
  });
  expect(response.status).toBe(200);
  expect(JSON.parse(await response.text()).CommandInvocations).toHaveLength(1);
});

test('replies carry a request id, the content type, the date of the service, and times as numbers', async () => {
  const { status: code, text, headers } = await post(simulator, '');
  expect(code).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('date')).toBe(NOW.toUTCString());
  const [first] = JSON.parse(text).CommandInvocations;
  expect(first.RequestedDateTime).toBeTypeOf('number');
  expect(first.CommandPlugins).toEqual([]);
});

test('a list of an unknown CommandId is empty, not an error', async () => {
  for (const target of ['AmazonSSM.ListCommandInvocations', 'AmazonSSM.ListCommands']) {
    const { status: code, text } = await post(simulator, { CommandId: COMMAND }, { target });
    expect(code).toBe(200);
    expect(Object.values(JSON.parse(text))).toEqual([[]]);
  }
});

test('a token can be used only with its own query, but with any MaxResults', async () => {
  const { NextToken } = JSON.parse((await post(simulator, { MaxResults: 3 })).text);
  expect((await post(simulator, { MaxResults: 7, NextToken })).status).toBe(200);
  const others = [
    [{ NextToken, Details: true }, {}],
    [{ NextToken, Filters: [status] }, {}],
    [{ NextToken: `${NextToken}A` }, {}],
    [{ NextToken: `B${NextToken.slice(1)}` }, {}],
    [{ NextToken: '' }, {}],
    [{ NextToken }, { target: 'AmazonSSM.ListCommands' }],
  ] as const;
  for (const [body, options] of others) {
    expect((await post(simulator, body, options)).text).toContain('"InvalidNextToken"');
  }
});

test('ListCommands refuses a node together with Status Pending', async () => {
  const body = { InstanceId: 'i-12345678', Filters: [{ key: 'Status', value: 'Pending' }] };
  const { text } = await post(simulator, body, { target: 'AmazonSSM.ListCommands' });
  expect(JSON.parse(text)).toMatchObject({ __type: 'ValidationException' });
});
