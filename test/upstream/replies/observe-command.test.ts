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
  it('has its id, the time when it was sent, and counts by which two observations are compared', () => {
    expect(observeCommand(RAW)).toMatchObject({
      commandId: 'c',
      requestedAt: '2026-03-01T09:30:00.000Z',
      countsJson:
        '{"CompletedCount":1,"DeliveryTimedOutCount":0,"ErrorCount":0,"Status":"InProgress","StatusDetails":"InProgress","TargetCount":3}',
    });
  });

  it('is accepted without any counts', () => {
    expect(observeCommand({ CommandId: 'c' })).toMatchObject({ commandId: 'c', requestedAt: null, countsJson: '{}' });
  });

  it.each(['CompletedCount', 'ErrorCount', 'DeliveryTimedOutCount', 'TargetCount', 'Status', 'StatusDetails'])(
    'differs in its counts when %s changes',
    (member) => {
      expect(observeCommand({ ...RAW, [member]: 7 }).countsJson).not.toBe(observeCommand(RAW).countsJson);
    },
  );

  it('has a column for each member of AWS’s API model, and one column for all other members', () => {
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
      otherMembersJson: '{"AlarmConfiguration":{"Alarms":[]},"HibernationPolicy":"","MaxErrors":7}',
    });
  });

  it('keeps what no column can hold among the other members, also from within a member that has columns', () => {
    const notifies = { NotificationArn: 'a', NotificationType: null, NotificationTopic: { Name: 'new' } };
    const { columns } = observeCommand({
      ...RAW,
      ...{ Parameters: ['ls'], Targets: 'all', TargetCount: '7', TimeoutSeconds: 1.5, MaxErrors: null },
      ...{ NotificationConfig: notifies, CloudWatchOutputConfig: ['group'] },
    });
    expect(columns).toMatchObject({ parameters: null, targets: null, targetCount: null, notificationArn: 'a' });
    expect(JSON.parse(columns.otherMembersJson ?? '{}')).toEqual({
      ...{ Parameters: ['ls'], Targets: 'all', TargetCount: '7', TimeoutSeconds: 1.5 },
      ...{ NotificationConfig: { NotificationTopic: { Name: 'new' } }, CloudWatchOutputConfig: ['group'] },
    });
  });

  it('has another fingerprint if any member changes', () => {
    const { fingerprint } = observeCommand(RAW);
    expect(observeCommand({ ...RAW }).fingerprint).toEqual(fingerprint);
    expect(observeCommand({ ...RAW, HibernationPolicy: '' }).fingerprint).not.toEqual(fingerprint);
  });

  it('has the same counts when only other members change', () => {
    const other = observeCommand({ ...RAW, Comment: 'y', MaxErrors: '5', RequestedDateTime: 0 });
    expect(other.countsJson).toBe(observeCommand(RAW).countsJson);
  });

  it('has no time if the service sent none that can be read', () => {
    for (const RequestedDateTime of [undefined, null, 'soon', 1e300]) {
      expect(observeCommand({ ...RAW, RequestedDateTime }).requestedAt).toBeNull();
    }
  });

  it.each([
    ['null', null],
    ['without an id', { ...RAW, CommandId: undefined }],
    ['with an empty id', { ...RAW, CommandId: '' }],
    ['with a number for an id', { ...RAW, CommandId: 5 }],
  ])('is refused if it is %s', (_what, raw) => {
    expect(() => observeCommand(raw)).toThrow(ReplyUnreadable);
  });
});
