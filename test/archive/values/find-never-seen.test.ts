import { describe, expect, it } from 'vitest';
import { noteOwed } from '../../../src/archive/coverage/sources/note-owed.ts';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { findNeverSeen, findUnseen } from '../../../src/archive/values/find-never-seen.ts';
import type { OpenValues } from '../../../src/archive/values/open-filter.ts';
import { resolvePrefix } from '../../../src/archive/values/resolve-prefix.ts';
import { statusValues } from '../../../src/archive/values/status-values.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { connectToRead } from '../../../src/db/reading/connect-to-read.ts';
import { bringIntoLedger } from '../../../src/ledger/bring-in.ts';
import { recordPass, target } from '../archive-with-passes.ts';
import { OBSERVED_AT, rawPlugin, SOURCE } from '../raw-invocation.ts';
import { withoutLedger } from '../verify/older-archive.ts';
import { archiveWith, list, NOTHING, pruneOf, show } from './seen-archive.ts';

const ONE = {
  CommandId: 'aaaaaaaa-2222-4333-8444-555555555555',
  InstanceId: 'i-0123456789abcdef0',
  InstanceName: 'web-01.example',
  Comment: 'March Patch Tuesday',
  DocumentName: 'AWS-RunPatchBaseline',
  CommandPlugins: [rawPlugin({ Name: 'PatchLinux' })],
};
const ITS_VALUES: OpenValues = {
  account: SOURCE.accountId,
  region: SOURCE.region,
  commandId: ONE.CommandId,
  instanceId: ONE.InstanceId,
  instanceName: 'web-',
  documentName: ONE.DocumentName,
  pluginName: 'PatchLinux',
  comment: 'Patch Tues',
};

const unseen = ({ sqlite }: ArchiveDb, values: OpenValues) =>
  findNeverSeen(sqlite, values, NOTHING).map(({ filter }) => filter);

describe('values that the archive has never seen', () => {
  it('do not include a value of an invocation, a beginning of its node’s name or a part of its comment', () => {
    expect(findUnseen(archiveWith([ONE]).sqlite, ITS_VALUES, NOTHING)).toEqual([]);
  });

  it('include every other value, with the similar ones that the archive has', () => {
    const db = archiveWith([ONE, { ...ONE, InstanceId: 'i-0123456789abcdef1' }]);
    expect(
      findNeverSeen(
        db.sqlite,
        {
          account: '12345678901',
          region: 'eu-west1',
          commandId: 'aaaaaaaa-2222',
          instanceId: 'I-0123456789ABCDEF0',
          instanceName: 'WEB-',
          documentName: 'AWS-RunPatchBaselin',
          pluginName: 'patchlinux',
          comment: 'patch tuesday',
        },
        NOTHING,
      ),
    ).toEqual([
      { filter: 'account', value: '12345678901', near: ['012345678901'] },
      { filter: 'region', value: 'eu-west1', near: ['eu-west-1'] },
      { filter: 'commandId', value: 'aaaaaaaa-2222', near: [ONE.CommandId] },
      {
        filter: 'instanceId',
        value: 'I-0123456789ABCDEF0',
        near: ['i-0123456789abcdef0', 'i-0123456789abcdef1'],
      },
      { filter: 'instanceName', value: 'WEB-', near: ['web-01.example'] },
      { filter: 'documentName', value: 'AWS-RunPatchBaselin', near: ['AWS-RunPatchBaseline'] },
      { filter: 'pluginName', value: 'patchlinux', near: ['PatchLinux'] },
      { filter: 'comment', value: 'patch tuesday', near: ['Patch Tuesday'] },
    ]);
  });

  it('come without similar values if no value is similar, or if the archive is empty', () => {
    expect(findNeverSeen(archiveWith([ONE]).sqlite, { documentName: 'Zebra', comment: 'q' }, NOTHING)).toEqual([
      { filter: 'documentName', value: 'Zebra', near: [] },
      { filter: 'comment', value: 'q', near: [] },
    ]);
    const none = findNeverSeen(archiveWith([]).sqlite, ITS_VALUES, NOTHING);
    expect(none.map(({ filter, near }) => [filter, near])).toEqual(Object.keys(ITS_VALUES).map((one) => [one, []]));
  });

  it('are the same if the archive is read in a folder that nobody may write to', () => {
    const { sqlite } = archiveWith([ONE]);
    const values = { ...ITS_VALUES, documentName: 'AWS-RunPatchBaselin', commandId: 'c', instanceName: 'WEB-' };
    const path = `${sqlite.name}-copy`;
    sqlite.prepare('VACUUM INTO ?').run(path);
    const reader = connectToRead(path, 'immutable', 0);
    try {
      expect(findUnseen(reader, values, NOTHING)).toEqual(findUnseen(sqlite, values, NOTHING));
      expect(findUnseen(reader, values, NOTHING)).toHaveLength(3);
      expect(resolvePrefix(reader, 'commandId', ONE.CommandId.slice(0, 8)).kind).toBe('one');
      expect(statusValues(reader)).toEqual([]);
    } finally {
      reader.close();
    }
  });

  it('have a correction for a misspelt beginning of a name, and for a misspelt word of a comment', () => {
    const { sqlite } = archiveWith([{ ...ONE, InstanceName: 'database-primary-0001.eu-west-1.example' }]);
    expect(findNeverSeen(sqlite, { instanceName: 'datebase-', comment: 'Tusday' }, NOTHING)).toEqual([
      { filter: 'instanceName', value: 'datebase-', near: ['database-'] },
      { filter: 'comment', value: 'Tusday', near: ['Tuesday'] },
    ]);
  });

  it('do not include values that are named in archive.yaml, or by an owed source, a hold, a pass or a failed sweep', () => {
    const db = archiveWith([]);
    expect(unseen(db, { account: SOURCE.accountId, region: SOURCE.region })).toEqual(['account', 'region']);
    const configured = { accounts: ['555566667777'], regions: ['sa-east-1'] };
    expect(findUnseen(db.sqlite, { account: '555566667777', region: 'sa-east-1' }, configured)).toEqual([]);
    noteOwed(db.sqlite, [{ alias: 'a', accountId: '111122223333', region: 'us-east-1' }], { at: OBSERVED_AT });
    expect(unseen(db, { account: '111122223333', region: 'us-east-1' })).toEqual([]);
    placeHold(db.sqlite, {
      ...{ accountId: '444455556666', region: 'us-west-2', commandId: 'c-held', instanceId: 'i-held' },
      ...{ reason: 'r', placedBy: 'p', placedAt: OBSERVED_AT },
    });
    const held = { account: '444455556666', region: 'us-west-2', commandId: 'c-held', instanceId: 'i-held' };
    expect(unseen(db, held)).toEqual([]);
    recordPass(db, {
      startedMs: Date.parse(OBSERVED_AT),
      failures: [{ target: target(2, 1), error: 'AccessDenied' }],
      result: { accountId: '777788889999', region: 'ap-south-1', outcome: 'failed' },
    });
    expect(unseen(db, { account: SOURCE.accountId, region: SOURCE.region })).toEqual([]);
    expect(unseen(db, { account: '777788889999', region: 'ap-south-1' })).toEqual([]);
  });

  it('do not include values that only ListCommands showed', () => {
    const db = archiveWith([]);
    const values = {
      ...{ account: SOURCE.accountId, region: SOURCE.region, commandId: 'c-1', documentName: 'Own-Document' },
      ...{ instanceId: 'i-named', comment: 'without' },
    };
    expect(unseen(db, values)).toHaveLength(6);
    list(db, {
      ...{ CommandId: 'c-1', DocumentName: 'Own-Document', Comment: 'a command without nodes' },
      ...{ InstanceIds: ['i-named'], Targets: [{ Key: 'InstanceIds', Values: ['i-target'] }] },
    });
    expect(unseen(db, { ...values })).toEqual([]);
    expect(unseen(db, { instanceId: 'i-target' })).toEqual([]);
    expect(unseen(db, { instanceId: 'i-name' })).toEqual(['instanceId']);
    list(db, { CommandId: 'c-1', DocumentName: 'Other', Comment: 'other', InstanceIds: ['i-other'] });
    expect(unseen(db, values)).toEqual([]);
    expect(unseen(db, { instanceId: 'i-othe', documentName: 'Othe', comment: 'Other' })).toHaveLength(3);
  });

  it('do not include values of an earlier state', () => {
    const db = archiveWith([{ ...ONE, Status: 'InProgress' }]);
    const later = { ...ONE, InstanceName: 'db-1', Comment: '', DocumentName: 'D', CommandPlugins: [] };
    show(db, [later], { minute: 5 });
    const { instanceName, documentName, pluginName, comment } = ITS_VALUES;
    expect(findUnseen(db.sqlite, { instanceName, documentName, pluginName, comment }, NOTHING)).toEqual([]);
    const others = { instanceName: 'web-02', documentName: 'AWS', pluginName: 'Patch', comment: 'March patch' };
    expect(unseen(db, others)).toEqual(Object.keys(others));
  });
});

describe('values of an archive from before the ledger', () => {
  it('are found in its states and commands, even after it gets a ledger', () => {
    const db = archiveWith([{ ...ONE, Status: 'InProgress' }]);
    show(db, [{ ...ONE, InstanceName: 'db-1', CommandPlugins: [] }], { minute: 5 });
    withoutLedger(db.sqlite);
    const others = { instanceName: 'web-02', documentName: 'AWS', pluginName: 'Patch', comment: 'March patch' };
    for (const hasLedger of [false, true]) {
      if (hasLedger) bringIntoLedger(db.sqlite);
      expect(findUnseen(db.sqlite, ITS_VALUES, NOTHING), String(hasLedger)).toEqual([]);
      expect(unseen(db, others), String(hasLedger)).toEqual(['instanceName', 'documentName', 'pluginName', 'comment']);
    }
  });
});

describe('values that may have been pruned', () => {
  const KEPT = {
    CommandId: 'c-kept',
    InstanceId: 'i-kept',
    DocumentName: 'Kept',
    Comment: 'kept',
    InstanceName: 'kept',
  };

  it('are never reported as never seen', async () => {
    const db = archiveWith([ONE, { ...KEPT, RequestedDateTime: 1772443800 }]);
    expect(await pruneOf(db, { requestedBefore: '2026-03-02T00:00:00.000Z' })).toBe(1);
    expect(findNeverSeen(db.sqlite, ITS_VALUES, NOTHING)).toEqual([]);
    const values = { documentName: ONE.DocumentName, commandId: 'c-kep', instanceName: 'KEPT' };
    expect(findUnseen(db.sqlite, values, NOTHING)).toEqual([
      { filter: 'commandId', value: 'c-kep', near: ['c-kept'], certainty: 'mayBePruned' },
      { filter: 'instanceName', value: 'KEPT', near: ['kept'], certainty: 'mayBePruned' },
      { filter: 'documentName', value: ONE.DocumentName, near: [], certainty: 'mayBePruned' },
    ]);
  });

  it('do not include values that tombstones exclude: other accounts and regions, and other documents if one document was pruned', async () => {
    const db = archiveWith([]);
    const source = { accountId: '111122223333', region: 'us-east-1' };
    show(db, [ONE], { source });
    show(db, [KEPT]);
    expect(await pruneOf(db, { documentName: ONE.DocumentName })).toBe(1);
    expect(unseen(db, { account: '111122223333', region: 'us-east-1', documentName: ONE.DocumentName })).toEqual([]);
    const others = { account: '111122223334', region: 'us-east-2', documentName: 'AWS-RunShellScript' };
    expect(unseen(db, others)).toEqual(['account', 'region', 'documentName']);
    expect(unseen(db, { commandId: 'c-2', instanceId: 'i-2', comment: 'other', pluginName: 'other' })).toEqual([]);
  });

  it('do not exist if only outputs were pruned', async () => {
    const db = archiveWith([ONE]);
    expect(await pruneOf(db, {}, 'outputs')).toBe(1);
    expect(unseen(db, { documentName: 'Other', comment: 'Other' })).toEqual(['documentName', 'comment']);
  });
});
