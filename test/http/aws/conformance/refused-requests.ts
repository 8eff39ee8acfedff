import { type Body, filter, type Subject, UNKNOWN_COMMAND, UNKNOWN_NODE } from './conformance-requests.ts';

// The requests that the simulator, an archive and AWS all refuse, as data.

export interface RefusedRequest {
  readonly name: string;
  readonly operation: string;
  /** JSON, or the text of a body that is not JSON. */
  readonly body: Body | string;
  readonly code: string;
  /** If this is false, the request has no signature. */
  readonly isSigned?: boolean;
}

const LISTS = ['ListCommandInvocations', 'ListCommands'];
const status = filter('Status', 'Success');
const filters = (...given: object[]) => ({ Filters: given });

const INVALID: readonly [string, Body][] = [
  ['MaxResults 51', { MaxResults: 51 }],
  ['MaxResults 0', { MaxResults: 0 }],
  ['MaxResults -1', { MaxResults: -1 }],
  ['a CommandId of 35 characters', { CommandId: UNKNOWN_COMMAND.slice(1) }],
  ['a CommandId of 37 characters', { CommandId: `${UNKNOWN_COMMAND}0` }],
  ['an empty CommandId', { CommandId: '' }],
  ['a CommandId of 18 characters of two UTF-16 units each', { CommandId: '🚀'.repeat(18) }],
  ['an InstanceId of three digits', { InstanceId: 'i-123' }],
  ['an InstanceId of another kind', { InstanceId: 'mi-01234567' }],
  ['an InstanceId with a line break at its end', { InstanceId: `${UNKNOWN_NODE}\n` }],
  ['an empty InstanceId', { InstanceId: '' }],
  ['six filters', filters(...Array(6).fill(status))],
  ['an empty list of filters', filters()],
  ['an unknown key', filters(filter('Nope', 'x'))],
  ['a key in lower case', filters(filter('status', 'Success'))],
  ['an empty value', filters(filter('Status', ''))],
  ['a value of 129 characters', filters(filter('DocumentName', 'x'.repeat(129)))],
  ['a filter without a value', filters(status, { key: 'Status' })],
  ['a filter without a key', filters({ value: 'Success' })],
  ['a filter whose members begin with capitals', filters({ Key: 'Status', Value: 'Success' })],
  ['two faults', { MaxResults: 51, InstanceId: 'x' }],
  ['faults everywhere', { CommandId: 'x', InstanceId: 'y', MaxResults: 99, ...filters(filter('a', ''), {}) }],
  ['a date that cannot be read', filters(filter('InvokedAfter', 'yesterday'))],
  ['a day that is not in the calendar', filters(filter('InvokedBefore', '2026-02-30T00:00:00Z'))],
  ['a date in epoch seconds', filters(filter('InvokedAfter', '1767225600'))],
  [
    'InvokedAfter later than InvokedBefore',
    filters(filter('InvokedAfter', '2026-03-02T00:00:00Z'), filter('InvokedBefore', '2026-03-01T00:00:00Z')),
  ],
];

const MALFORMED: readonly [string, Body | string][] = [
  ['a number instead of a text', { CommandId: 5 }],
  ['a text instead of a number', { MaxResults: '5' }],
  ['a fraction', { MaxResults: 1.5 }],
  ['a number beyond 32 bits', { MaxResults: 2 ** 31 }],
  ['a structure instead of a list', { Filters: {} }],
  ['a text instead of a filter', { Filters: ['Status'] }],
  ['a list instead of a text', { NextToken: [] }],
  ['a wrong type and a value out of range', { MaxResults: 51, InstanceId: 7 }],
  ['a body that is not JSON', '{'],
  ['a body that is a list', '[]'],
  ['a body that is null', 'null'],
];

/** Every request that is refused and needs no valid token. */
export function refusedRequests({ commandId, instanceId }: Subject): RefusedRequest[] {
  const both = LISTS.flatMap((operation): RefusedRequest[] => [
    ...INVALID.map(([name, body]) => ({ name, operation, body, code: 'ValidationException' })),
    ...MALFORMED.map(([name, body]) => ({ name, operation, body, code: 'SerializationException' })),
    { name: 'no signature', operation, body: {}, code: 'MissingAuthenticationTokenException', isSigned: false },
    { name: 'an invented token', operation, body: { NextToken: 'abc' }, code: 'InvalidNextToken' },
    { name: 'an empty token', operation, body: { NextToken: '' }, code: 'InvalidNextToken' },
  ]);
  const get = (name: string, code: string, body: Body): RefusedRequest => ({
    ...{ name, code, operation: 'GetCommandInvocation' },
    body: { CommandId: commandId, InstanceId: instanceId, ...body },
  });
  return [
    ...both,
    {
      name: 'ExecutionStage',
      operation: 'ListCommandInvocations',
      body: filters(filter('ExecutionStage', 'Complete')),
      code: 'InvalidFilterKey',
    },
    {
      name: 'a text instead of a flag',
      operation: 'ListCommandInvocations',
      body: { Details: 'true' },
      code: 'SerializationException',
    },
    {
      name: 'an unknown ExecutionStage',
      operation: 'ListCommands',
      body: filters(filter('ExecutionStage', 'Ended')),
      code: 'ValidationException',
    },
    {
      name: 'a node together with Status Pending',
      operation: 'ListCommands',
      body: { InstanceId: instanceId, ...filters(filter('Status', 'Pending')) },
      code: 'ValidationException',
    },
    get('an unknown command', 'InvocationDoesNotExist', { CommandId: UNKNOWN_COMMAND }),
    get('a node to which the command was not sent', 'InvocationDoesNotExist', { InstanceId: UNKNOWN_NODE }),
    get('an id that is not a UUID', 'InvalidCommandId', { CommandId: 'x'.repeat(36) }),
    get('an unknown step', 'InvalidPluginName', { PluginName: 'no such step' }),
    get('the empty name of a step', 'ValidationException', { PluginName: '' }),
    get('a PluginName of three characters', 'ValidationException', { PluginName: 'abc' }),
    get('no CommandId', 'ValidationException', { CommandId: null }),
    get('nothing at all', 'ValidationException', { CommandId: null, InstanceId: null }),
    get('a number instead of the name of a step', 'SerializationException', { PluginName: 4 }),
  ];
}
