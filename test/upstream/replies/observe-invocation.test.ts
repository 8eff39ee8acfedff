import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ReplyUnreadable } from '../../../src/upstream/errors.ts';
import { observeInvocation } from '../../../src/upstream/replies/observe-invocation.ts';

const KEY = { CommandId: 'c', InstanceId: 'i' };

function normalized(members: Record<string, unknown>) {
  return observeInvocation({ ...KEY, ...members }).normalize();
}

function step(members: Record<string, unknown>) {
  const [plugin] = normalized({ CommandPlugins: [members] }).plugins;
  if (!plugin) throw new Error('There is no step.');
  return plugin;
}

/** Reads an invocation from the text of a reply, as the collector does. */
function parsed(json: string) {
  return observeInvocation(JSON.parse(json));
}

describe('an observed invocation', () => {
  it('has every member that the API names in its column', () => {
    const raw = {
      CommandId: 'the command',
      InstanceId: 'mi-0123456789abcdef0',
      InstanceName: 'the name',
      Comment: 'the comment',
      DocumentName: 'the document',
      DocumentVersion: '7',
      RequestedDateTime: 1772357400.123,
      Status: 'Cancelled',
      StatusDetails: 'Terminated',
      TraceOutput: 'the trace',
      StandardOutputUrl: 'out',
      StandardErrorUrl: 'err',
      CommandPlugins: [
        {
          Name: 'the step',
          Status: 'Failed',
          StatusDetails: 'ExecutionTimedOut',
          ResponseCode: -1,
          ResponseStartDateTime: 1772357401,
          ResponseFinishDateTime: 1772357402.5,
          Output: 'text',
          StandardOutputUrl: 'step out',
          StandardErrorUrl: 'step err',
          OutputS3Region: 'eu-west-1',
          OutputS3BucketName: 'bucket',
          OutputS3KeyPrefix: 'prefix',
        },
      ],
      ServiceRole: 'the role',
      NotificationConfig: {
        NotificationArn: 'arn',
        NotificationEvents: ['All', 'Failed'],
        NotificationType: 'Command',
      },
      CloudWatchOutputConfig: { CloudWatchLogGroupName: 'group', CloudWatchOutputEnabled: true },
    };
    const observed = observeInvocation(raw);
    expect([observed.commandId, observed.instanceId]).toEqual(['the command', 'mi-0123456789abcdef0']);
    const { stateJson, stateParts: _, ...columns } = observed.normalize();
    const digest = createHash('sha256').update('text').digest();
    expect(columns).toEqual({
      instanceName: 'the name',
      comment: 'the comment',
      documentName: 'the document',
      documentVersion: '7',
      requestedAt: '2026-03-01T09:30:00.123Z',
      status: 'Cancelled',
      statusDetails: 'Terminated',
      traceOutput: 'the trace',
      standardOutputUrl: 'out',
      standardErrorUrl: 'err',
      serviceRole: 'the role',
      notificationArn: 'arn',
      notificationEvents: '["All","Failed"]',
      notificationType: 'Command',
      cloudwatchLogGroup: 'group',
      isCloudwatchOutputEnabled: 1,
      plugins: [
        {
          name: 'the step',
          status: 'Failed',
          statusDetails: 'ExecutionTimedOut',
          responseCode: -1,
          startedAt: '2026-03-01T09:30:01.000Z',
          finishedAt: '2026-03-01T09:30:02.500Z',
          output: { text: 'text', sha256: digest },
          standardOutputUrl: 'step out',
          standardErrorUrl: 'step err',
          outputS3Region: 'eu-west-1',
          outputS3BucketName: 'bucket',
          outputS3KeyPrefix: 'prefix',
        },
      ],
    });
    const [plugin] = raw.CommandPlugins;
    const state = { ...raw, CommandPlugins: [{ ...plugin, Output: { sha256: digest.toString('hex') } }] };
    expect(JSON.parse(stateJson)).toEqual(state);
  });

  it('has null in every column, and no steps, if the service sent only its key', () => {
    const { plugins, stateJson, stateParts: _, ...columns } = normalized({});
    expect(Object.values(columns).filter((value) => value !== null)).toEqual([]);
    expect(plugins).toEqual([]);
    expect(stateJson).toBe('{"CommandId":"c","InstanceId":"i"}');
  });

  it('has null in every column of a step without members', () => {
    expect(Object.values(step({})).filter((value) => value !== null)).toEqual([]);
  });

  it('keeps an empty text apart from an absent member', () => {
    expect(normalized({ Comment: '', NotificationConfig: { NotificationType: '' } })).toMatchObject({
      comment: '',
      traceOutput: null,
      notificationType: '',
      notificationArn: null,
    });
    expect(step({ Output: '', OutputS3BucketName: '' })).toMatchObject({
      output: { text: '' },
      outputS3BucketName: '',
      outputS3KeyPrefix: null,
    });
  });

  it('has U+FFFD in its columns for a lone surrogate, and the surrogate itself in its state', () => {
    const { comment, stateJson } = normalized({ Comment: 'a\ud800b' });
    expect(comment).toBe('a\ufffdb');
    expect(JSON.parse(stateJson)).toMatchObject({ Comment: 'a\ud800b' });
  });

  it.each(['1', 'host 5', '2026-03-01T09:30:00', '2026-03-01', 1e15, 253_402_300_800])(
    'does not read %j as a time',
    (value) => {
      expect(normalized({ RequestedDateTime: value }).requestedAt).toBeNull();
    },
  );

  it('keeps statuses that are not in the API model', () => {
    expect(normalized({ Status: 'Invented', StatusDetails: 'Very New' })).toMatchObject({
      status: 'Invented',
      statusDetails: 'Very New',
    });
  });

  it.each([
    ['in exponent form', '1.541992493965E9', '2018-11-12T03:14:53.965Z'],
    ['in whole seconds', '1772357400', '2026-03-01T09:30:00.000Z'],
    ['in tenths of a millisecond, rounded', '1772357400.12349', '2026-03-01T09:30:00.123Z'],
    ['as zero', '0', '1970-01-01T00:00:00.000Z'],
    ["as the zero of the service's clock", '-62135596800', '0001-01-01T00:00:00.000Z'],
    ['as ISO text', '"2026-03-01T10:30:00+01:00"', '2026-03-01T09:30:00.000Z'],
    ['beyond all dates', '1e300', null],
    ['as text that is not a time', '"soon"', null],
    ['as null', 'null', null],
    ['as an object', '{}', null],
  ])('reads a time %s', (_form, number, expected) => {
    const json = `{"CommandId":"c","InstanceId":"i","RequestedDateTime":${number},"CommandPlugins":[{"ResponseStartDateTime":${number}}]}`;
    const { requestedAt, plugins } = parsed(json).normalize();
    expect([requestedAt, plugins[0]?.startedAt]).toEqual([expected, expected]);
  });

  it.each([
    [0, 0],
    [-1, -1],
    [4_294_967_295, 4_294_967_295],
    [1.5, null],
    ['1', null],
    [null, null],
  ])('reads the response code %s as %s', (code, expected) => {
    expect(step({ ResponseCode: code }).responseCode).toBe(expected);
  });

  it('keeps the order of its steps', () => {
    const names = ['z', 'a', 'm'];
    const { plugins } = normalized({ CommandPlugins: names.map((Name) => ({ Name })) });
    expect(plugins.map(({ name }) => name)).toEqual(names);
  });

  it('distinguishes an empty list of steps from a missing list in its state', () => {
    expect(normalized({ CommandPlugins: [] }).stateJson).not.toBe(normalized({}).stateJson);
  });

  it('has the same state for any order of members and any form of numbers', () => {
    const a = parsed('{"CommandId":"c","InstanceId":"i","RequestedDateTime":1.5E9,"X":{"a":1,"b":2}}');
    const b = parsed('{"X":{"b":2,"a":1.0},"RequestedDateTime":1500000000,"InstanceId":"i","CommandId":"c"}');
    expect(a.normalize().stateJson).toBe(b.normalize().stateJson);
  });

  it('has a fingerprint of 16 bytes, which changes with any member', () => {
    const base = observeInvocation(KEY).fingerprint;
    expect(base).toHaveLength(16);
    expect(observeInvocation({ ...KEY }).fingerprint).toEqual(base);
    for (const more of [{ New: 1 }, { Comment: '' }, { CommandPlugins: [] }, { InstanceId: 'j' }]) {
      expect(observeInvocation({ ...KEY, ...more }).fingerprint).not.toEqual(base);
    }
  });

  it('keeps a member called __proto__ like any other', () => {
    const { stateJson } = parsed('{"CommandId":"c","InstanceId":"i","__proto__":{"Status":"x"}}').normalize();
    expect(stateJson).toBe('{"CommandId":"c","InstanceId":"i","__proto__":{"Status":"x"}}');
  });

  it.each([
    ['null', null],
    ['a text', 'i'],
    ['a list', [KEY]],
    ['without a CommandId', { InstanceId: 'i' }],
    ['without an InstanceId', { CommandId: 'c' }],
    ['with a number for a key', { CommandId: 1, InstanceId: 'i' }],
  ])('is refused if it is %s, because it would have no key', (_what, raw) => {
    expect(() => observeInvocation(raw)).toThrow(ReplyUnreadable);
  });
});
