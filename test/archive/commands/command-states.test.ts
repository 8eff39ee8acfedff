import { describe, expect, it } from 'vitest';
import { commandStateAt, listCommandRevisions } from '../../../src/archive/commands/command-states.ts';
import { getCommand } from '../../../src/archive/commands/get-command.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, SOURCE } from '../raw-invocation.ts';

const KEY = { ...SOURCE, commandId: 'c' };
const at = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`;

/** A command as ListCommands shows it. */
function rawCommand(members: Members = {}): Members {
  return {
    CommandId: 'c',
    DocumentName: 'AWS-RunShellScript',
    Parameters: { commands: ['#!/bin/sh', 'uptime'] },
    RequestedDateTime: Date.parse('2026-03-01T09:30:00Z') / 1000,
    Status: 'InProgress',
    StatusDetails: 'InProgress',
    TargetCount: 2,
    CompletedCount: 0,
    Targets: [{ Key: 'tag:Name', Values: ['web'] }],
    ...members,
  };
}

function list({ sqlite }: ArchiveDb, minute: number, ...commands: Members[]): void {
  createListedCommandRecorder(sqlite)(SOURCE, at(minute), commands.map(observeCommand));
}

function revisions({ sqlite }: ArchiveDb) {
  return listCommandRevisions(sqlite, { key: KEY, limit: 100 }).items;
}

describe('the states of a command', () => {
  it('begin with what its invocations show, and go on with each listing that differs', () => {
    const db = tempArchive();
    createSingleReplyRecorder(db.sqlite)(page([rawInvocation({ CommandId: 'c', Comment: 'by hand' })]));
    list(db, 1, rawCommand());
    list(db, 2, rawCommand());
    list(db, 3, rawCommand({ Status: 'Success', StatusDetails: 'Success', CompletedCount: 2 }));
    expect(revisions(db)).toMatchObject([
      { seenIn: 'ListCommandInvocations', changes: null, state: { comment: 'by hand', parameters: null } },
      { seenIn: 'ListCommands', observedAt: at(1), state: { parameters: { commands: ['#!/bin/sh', 'uptime'] } } },
      { observedAt: at(3), state: { status: 'Success', targets: [{ Key: 'tag:Name', Values: ['web'] }] } },
    ]);
    expect(revisions(db)[2]?.changes).toEqual([
      { path: 'status', left: 'InProgress', right: 'Success' },
      { path: 'statusDetails', left: 'InProgress', right: 'Success' },
      { path: 'completedCount', left: 0, right: 2 },
    ]);
  });

  it('do not include one that differs from the last only in the order of members', () => {
    const db = tempArchive();
    list(db, 1, rawCommand());
    list(db, 2, Object.fromEntries(Object.entries(rawCommand()).reverse()));
    expect(revisions(db)).toHaveLength(1);
  });

  it('are not recorded twice if one reply shows the command twice, and none is lost if the two differ', () => {
    const db = tempArchive();
    const [running, ended] = [rawCommand(), rawCommand({ Status: 'Success', StatusDetails: 'Success' })];
    list(db, 1, running, running);
    expect(revisions(db)).toHaveLength(1);
    list(db, 2, running, ended, ended, running);
    expect(revisions(db).map(({ state }) => state.status)).toEqual(['InProgress', 'Success', 'InProgress']);
    expect(getCommand(db.sqlite, KEY)).toMatchObject({ status: 'InProgress' });
  });

  it('are not recorded twice if invocations without a time show the command again', () => {
    const db = tempArchive();
    const record = createSingleReplyRecorder(db.sqlite);
    const timeless = { CommandId: 'c', RequestedDateTime: undefined };
    for (const n of [1, 2]) record(page([rawInvocation({ ...timeless, InstanceId: `i-${n}` })]));
    expect(revisions(db)).toHaveLength(1);
    record(page([rawInvocation({ CommandId: 'c', InstanceId: 'i-3' })]));
    expect(revisions(db).map(({ state }) => state.requestedAt)).toEqual([null, '2026-03-01T09:30:00.000Z']);
  });

  it('come in pages, each with what changed since the last state of the page before', () => {
    const db = tempArchive();
    for (const minute of [1, 2, 3, 4]) list(db, minute, rawCommand({ CompletedCount: minute }));
    const first = listCommandRevisions(db.sqlite, { key: KEY, limit: 3 });
    const rest = listCommandRevisions(db.sqlite, { key: KEY, limit: 3, after: first.next });
    expect(first.items.map(({ observedAt }) => observedAt)).toEqual([at(1), at(2), at(3)]);
    expect(rest).toMatchObject({
      items: [{ observedAt: at(4), changes: [{ path: 'completedCount', left: 3, right: 4 }] }],
      next: undefined,
    });
  });

  it('keep members that this version does not know', () => {
    const db = tempArchive();
    list(db, 1, rawCommand({ AlarmConfiguration: { Alarms: [{ Name: 'disk' }] } }));
    expect(revisions(db)[0]?.state.otherMembers).toEqual({ AlarmConfiguration: { Alarms: [{ Name: 'disk' }] } });
  });
});

describe('a command at a past time', () => {
  it('is as it was then, with the invocations that had been seen by then', () => {
    const db = tempArchive();
    const record = createSingleReplyRecorder(db.sqlite);
    list(db, 1, rawCommand());
    record(page([rawInvocation({ CommandId: 'c', InstanceId: 'i-1', Status: 'InProgress' })], { observedAt: at(2) }));
    list(db, 3, rawCommand({ Status: 'Failed', StatusDetails: 'Failed', CompletedCount: 2 }));
    const later = ['i-1', 'i-2'].map((InstanceId) => rawInvocation({ CommandId: 'c', InstanceId, Status: 'Failed' }));
    record(page(later, { observedAt: at(4) }));
    expect(getCommand(db.sqlite, { ...KEY, asOf: at(2) })).toMatchObject({
      ...{ status: 'InProgress', completedCount: 0, invocations: 1, byStatus: { InProgress: 1 } },
      ...{ missingInvocations: null, steps: [{ nodes: 1 }] },
    });
    expect(getCommand(db.sqlite, { ...KEY, asOf: at(3) })).toMatchObject({
      ...{ status: 'Failed', completedCount: 2, invocations: 1, byStatus: { InProgress: 1 }, missingInvocations: 1 },
    });
    expect(getCommand(db.sqlite, { ...KEY, asOf: at(4) })).toEqual(getCommand(db.sqlite, KEY));
  });

  it('is not there before it was first seen', () => {
    const db = tempArchive();
    list(db, 1, rawCommand());
    expect(getCommand(db.sqlite, { ...KEY, asOf: at(0) })).toBeUndefined();
    expect(commandStateAt(db.sqlite, KEY, at(0))).toBeUndefined();
  });
});

describe('the number of missing invocations of a command', () => {
  const missing = ({ sqlite }: ArchiveDb) => getCommand(sqlite, KEY)?.missingInvocations;

  it('is not known while the command runs', () => {
    const db = tempArchive();
    list(db, 1, rawCommand());
    expect(missing(db)).toBeNull();
  });

  it('is what its TargetCount counts more than the archive has, until the invocations come', () => {
    const db = tempArchive();
    list(db, 1, rawCommand({ Status: 'Success', StatusDetails: 'Success' }));
    expect(missing(db)).toBe(2);
    const record = createSingleReplyRecorder(db.sqlite);
    record(page([rawInvocation({ CommandId: 'c', InstanceId: 'i-1' })]));
    expect(missing(db)).toBe(1);
    record(page([rawInvocation({ CommandId: 'c', InstanceId: 'i-2' })]));
    expect(missing(db)).toBe(0);
    expect(db.sqlite.prepare('SELECT count(*) FROM short_commands').pluck().get()).toBe(0);
  });

  it('is the same in the view for SQL, where NULL says that it is not known', () => {
    const db = tempArchive();
    const inView = () =>
      db.sqlite.prepare('SELECT missing_invocations FROM command_details ORDER BY command_id').pluck().all();
    list(db, 1, rawCommand());
    createSingleReplyRecorder(db.sqlite)(page([rawInvocation({ CommandId: 'never listed' })]));
    expect(inView()).toEqual([null, null]);
    list(db, 2, rawCommand({ Status: 'Success', StatusDetails: 'Success' }));
    expect(inView()).toEqual([2, null]);
    list(db, 3, rawCommand({ Status: 'Success', StatusDetails: 'Success', TargetCount: 0 }));
    expect(inView()).toEqual([0, null]);
  });

  it('does not grow by pruning, and is not known of a past time whose invocations may have been pruned', async () => {
    const db = tempArchive();
    const record = createSingleReplyRecorder(db.sqlite);
    list(db, 1, rawCommand({ Status: 'Success', StatusDetails: 'Success', TargetCount: 4 }));
    for (const n of [1, 2, 3])
      record(
        page([rawInvocation({ CommandId: 'c', InstanceId: `i-${n}`, Status: 'Success' })], { observedAt: at(n + 1) }),
      );
    const missingAt = (minute: number) => getCommand(db.sqlite, { ...KEY, asOf: at(minute) })?.missingInvocations;
    expect([1, 2, 3, 4].map(missingAt)).toEqual([4, 3, 2, 1]);
    const deps = { sqlite: db.sqlite, now: () => new Date('2026-12-01T00:00:00Z'), renew: () => {} };
    const order = { by: 'auditor', reason: 'over', kind: 'invocations' } as const;
    expect(await prune(deps, { ...order, selection: { instanceId: 'i-2' } })).toMatchObject({ invocations: 1 });
    expect(missing(db)).toBe(1);
    expect([1, 2, 3, 4].map(missingAt)).toEqual([null, null, null, null]);
    record(page([rawInvocation({ CommandId: 'c', InstanceId: 'i-4', Status: 'Success' })], { observedAt: at(6) }));
    expect(missing(db)).toBe(0);
  });

  it('is 0 for a command without a target', () => {
    const db = tempArchive();
    list(db, 1, rawCommand({ Status: 'Success', StatusDetails: 'NoInstancesInTag', TargetCount: 0 }));
    expect(missing(db)).toBe(0);
  });
});
