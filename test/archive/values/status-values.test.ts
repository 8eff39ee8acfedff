import { expect, it } from 'vitest';
import { statusValues } from '../../../src/archive/values/status-values.ts';
import { STATUSES } from '../../../src/model/final-status.ts';
import { readStatus } from '../../../src/questions/read-status.ts';
import { archiveWith, list, show } from './seen-archive.ts';

it('statusValues returns each status and detail that the archive has and AWS does not list, so that a filter accepts it', () => {
  const db = archiveWith([
    { InstanceId: 'i-1', Status: 'Superseded', StatusDetails: 'Half Done' },
    { InstanceId: 'i-2', Status: 'Failed', StatusDetails: 'failed' },
    { InstanceId: 'i-3', Status: 'Before', StatusDetails: 'Success' },
    { InstanceId: 'i-4', Status: undefined, StatusDetails: '' },
    ...STATUSES.map(({ name }, n) => ({ InstanceId: `i-1${n}`, Status: name, StatusDetails: name })),
  ]);
  // Past statuses are searched too, because a list may show the archive as it was at a past time.
  show(db, [{ InstanceId: 'i-3', Status: 'Success', StatusDetails: 'Success' }], { minute: 1 });
  list(db, { CommandId: 'c-1', Status: 'Queued', StatusDetails: 'Queued' });
  expect(statusValues(db.sqlite)).toEqual(['Before', 'Half Done', 'Queued', 'Superseded', 'failed']);
  expect(readStatus('half done', statusValues(db.sqlite))).toEqual({ value: 'Half Done' });
});

it('statusValues returns no status for an empty archive', () => {
  expect(statusValues(archiveWith([]).sqlite)).toEqual([]);
});
