import { describe, expect, it } from 'vitest';
import { ReplyUnreadable } from '../../../src/upstream/errors.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';

const RAW = {
  CommandId: 'c',
  Comment: 'x',
  RequestedDateTime: 1.7723574e9,
  Status: 'InProgress',
  StatusDetails: 'InProgress',
  TargetCount: 3,
  CompletedCount: 1,
  ErrorCount: 0,
  DeliveryTimedOutCount: 0,
};

describe('an observed command', () => {
  it('has its id, when it was sent, and its counts to be compared', () => {
    expect(observeCommand(RAW)).toMatchObject({
      commandId: 'c',
      requestedAt: '2026-03-01T09:30:00.000Z',
      countsJson:
        '{"CompletedCount":1,"DeliveryTimedOutCount":0,"ErrorCount":0,"Status":"InProgress","StatusDetails":"InProgress","TargetCount":3}',
    });
  });

  it('is still a command if it lacks every count', () => {
    expect(observeCommand({ CommandId: 'c' })).toMatchObject({ commandId: 'c', requestedAt: null, countsJson: '{}' });
  });

  it.each(['CompletedCount', 'ErrorCount', 'DeliveryTimedOutCount', 'TargetCount', 'Status', 'StatusDetails'])(
    'compares differently when %s moves',
    (member) => {
      expect(observeCommand({ ...RAW, [member]: 7 }).countsJson).not.toBe(observeCommand(RAW).countsJson);
    },
  );

  it('has a column for every member of the model, and one for all others', () => {
    const { columns } = observeCommand({
      ...RAW,
      ...{ DocumentVersion: '', ExpiresAfter: 1.7723574e9, Parameters: { commands: ['b', 'a'] }, InstanceIds: [] },
      ...{ Targets: [{ Key: 'tag:a', Values: [] }], MaxErrors: 7, TimeoutSeconds: 600 },
      ...{ NotificationConfig: { NotificationType: '' }, CloudWatchOutputConfig: { CloudWatchOutputEnabled: false } },
      ...{ HibernationPolicy: '', AlarmConfiguration: { Alarms: [] } },
    });
    expect(columns).toMatchObject({
      ...{ documentName: null, documentVersion: '', comment: 'x', expiresAt: '2026-03-01T09:30:00.000Z' },
      ...{ parameters: '{"commands":["b","a"]}', instanceIds: '[]', timeoutSeconds: 600, targetCount: 3 },
      ...{ targets: '[{"Key":"tag:a","Values":[]}]', maxErrors: null, maxConcurrency: null },
      ...{ notificationArn: null, notificationType: '', isCloudwatchOutputEnabled: 0 },
      otherMembersJson: '{"AlarmConfiguration":{"Alarms":[]},"HibernationPolicy":""}',
    });
  });

  it('has another fingerprint if any member moves', () => {
    const { fingerprint } = observeCommand(RAW);
    expect(observeCommand({ ...RAW }).fingerprint).toEqual(fingerprint);
    expect(observeCommand({ ...RAW, HibernationPolicy: '' }).fingerprint).not.toEqual(fingerprint);
  });

  it('compares the same when only other members move', () => {
    const other = observeCommand({ ...RAW, Comment: 'y', MaxErrors: '5', RequestedDateTime: 0 });
    expect(other.countsJson).toBe(observeCommand(RAW).countsJson);
  });

  it('has no time if none was sent that can be read', () => {
    for (const RequestedDateTime of [undefined, null, 'soon', 1e300]) {
      expect(observeCommand({ ...RAW, RequestedDateTime }).requestedAt).toBeNull();
    }
  });

  it.each([
    ['null', null],
    ['without an id', { ...RAW, CommandId: undefined }],
    ['of an empty id', { ...RAW, CommandId: '' }],
    ['of a number for an id', { ...RAW, CommandId: 5 }],
  ])('is refused if it is %s', (_what, raw) => {
    expect(() => observeCommand(raw)).toThrow(ReplyUnreadable);
  });
});
