import { describe, expect, it } from 'vitest';
import { getCommand } from '../../src/archive/commands/get-command.ts';
import { type CommandPage, listCommands } from '../../src/archive/commands/list-commands.ts';
import { getInstance } from '../../src/archive/nodes/get-instance.ts';
import { listDocuments } from '../../src/archive/nodes/list-documents.ts';
import { type InstancePage, listInstances } from '../../src/archive/nodes/list-instances.ts';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { tempArchive } from '../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin, SOURCE } from './raw-invocation.ts';

const OTHER = { accountId: '999999999999', region: 'us-east-1' };

function archiveOf(raws: readonly Members[], others: readonly Members[] = []) {
  const { sqlite } = tempArchive();
  const record = createSingleReplyRecorder(sqlite);
  record(page(raws.map((raw) => rawInvocation(raw))));
  record(
    page(
      others.map((raw) => rawInvocation(raw)),
      { source: OTHER },
    ),
  );
  return sqlite;
}

describe('commands', () => {
  it('are listed newest first, commands without a time last, each with its nodes counted by status', () => {
    const sqlite = archiveOf([
      { CommandId: 'a', InstanceId: 'i-1', RequestedDateTime: 1772357400 },
      { CommandId: 'a', InstanceId: 'i-2', RequestedDateTime: 1772357460, Status: 'Failed' },
      { CommandId: 'b', InstanceId: 'i-1', RequestedDateTime: 1772357500 },
      { CommandId: 'c', InstanceId: 'i-1', RequestedDateTime: undefined },
    ]);
    const seen: string[] = [];
    let after: CommandPage['next'];
    do {
      const { items, next }: CommandPage = listCommands(sqlite, { limit: 1, after });
      seen.push(...items.map(({ commandId }) => commandId));
      after = next;
    } while (after);
    expect(seen).toEqual(['b', 'a', 'c']);
    expect(listCommands(sqlite, { limit: 10 }).items[1]).toMatchObject({
      ...SOURCE,
      requestedAt: '2026-03-01T09:30:00.000Z',
      lastRequestedAt: '2026-03-01T09:31:00.000Z',
      invocations: 2,
      byStatus: { Success: 1, Failed: 1 },
    });
  });

  it('are found by account, region, document and request time', () => {
    const sqlite = archiveOf([{ CommandId: 'a', DocumentName: 'one' }], [{ CommandId: 'b', DocumentName: 'two' }]);
    const ids = (query: object) =>
      listCommands(sqlite, { limit: 10, ...query }).items.map(({ commandId }) => commandId);
    expect(ids({ accountId: OTHER.accountId })).toEqual(['b']);
    expect(ids({ region: SOURCE.region, documentName: 'one' })).toEqual(['a']);
    expect(ids({ documentName: 'three' })).toEqual([]);
    expect(ids({ requestedAfter: '2026-03-01T09:30:00.000Z' })).toEqual(['b', 'a']);
    expect(ids({ requestedBefore: '2026-03-01T09:30:00.000Z' })).toEqual([]);
  });

  it('have a summary that names the nodes whose output differs from the most common one', () => {
    const printing = (Output: string) => ({ CommandPlugins: [rawPlugin({ Output })] });
    const sqlite = archiveOf([
      { InstanceId: 'i-1', ...printing('kernel 5') },
      { InstanceId: 'i-2', ...printing('kernel 6') },
      { InstanceId: 'i-3', ...printing('kernel 6') },
      {
        InstanceId: 'i-4',
        CommandPlugins: [rawPlugin({ Output: undefined })],
        Status: 'Failed',
        StatusDetails: 'Failed',
      },
    ]);
    const commandId = '11111111-2222-4333-8444-555555555555';
    const found = getCommand(sqlite, { ...SOURCE, commandId });
    expect(found).toMatchObject({
      invocations: 4,
      byStatusDetails: { Failed: 1, Success: 3 },
      startedAt: '2026-03-01T09:30:00.500Z',
      finishedAt: '2026-03-01T09:30:01.000Z',
      steps: [
        { position: 0, nodes: 4, distinctOutputs: 2, outlierCount: 2, commonOutput: { output: 'kernel 6', nodes: 2 } },
      ],
    });
    expect(found?.outliers.map(({ instanceId }) => instanceId)).toEqual(['i-1', 'i-4']);
    expect(getCommand(sqlite, { ...OTHER, commandId })).toBeUndefined();
  });

  it('have no outliers if they have no output', () => {
    const sqlite = archiveOf([{ CommandId: 'a', CommandPlugins: [rawPlugin({ Output: undefined })] }]);
    expect(getCommand(sqlite, { ...SOURCE, commandId: 'a' })).toMatchObject({
      steps: [{ nodes: 1, outlierCount: 0, commonOutput: null }],
      outliers: [],
    });
  });
});

describe('nodes and documents', () => {
  const raws = [
    { CommandId: 'a', InstanceId: 'i-1', RequestedDateTime: 1772357400, InstanceName: 'old' },
    {
      CommandId: 'b',
      InstanceId: 'i-1',
      RequestedDateTime: 1772357500,
      InstanceName: 'new',
      Status: 'Failed',
      DocumentName: 'd',
    },
    { CommandId: 'a', InstanceId: 'i-2' },
  ];

  it('are listed once for each id, account and region, whatever the page size', () => {
    const sqlite = archiveOf(raws, [{ CommandId: 'a', InstanceId: 'i-1' }]);
    for (const limit of [1, 2, 10]) {
      const seen: string[] = [];
      let after: InstancePage['next'];
      do {
        const { items, next }: InstancePage = listInstances(sqlite, { limit, after });
        seen.push(...items.map(({ instanceId, accountId }) => `${instanceId} ${accountId}`));
        after = next;
      } while (after);
      expect(seen).toEqual([`i-1 ${SOURCE.accountId}`, `i-1 ${OTHER.accountId}`, `i-2 ${SOURCE.accountId}`]);
    }
    expect(listInstances(sqlite, { limit: 10, ...SOURCE }).items[0]).toMatchObject({
      instanceName: 'new',
      firstRequestedAt: '2026-03-01T09:30:00.000Z',
      lastRequestedAt: '2026-03-01T09:31:40.000Z',
      invocations: 2,
      byStatus: { Success: 1, Failed: 1 },
    });
  });

  it('have a history with names, documents and invocations, newest first', () => {
    const sqlite = archiveOf(raws);
    const found = getInstance(sqlite, { key: { ...SOURCE, instanceId: 'i-1' }, limit: 1 });
    expect(found).toMatchObject({
      names: ['new', 'old'],
      documents: [{ documentName: 'AWS-RunShellScript' }, { documentName: 'd' }],
    });
    expect(found?.items.map(({ commandId }) => commandId)).toEqual(['b']);
    expect(found?.next).toEqual(['2026-03-01T09:31:40.000Z', 2]);
    expect(getInstance(sqlite, { key: { ...OTHER, instanceId: 'i-1' }, limit: 1 })).toBeUndefined();
  });

  it('have counts of invocations per document and status, limited to an account if one is given', () => {
    const sqlite = archiveOf(raws, [{ DocumentName: 'd' }]);
    expect(listDocuments(sqlite, { limit: 10 }).items).toMatchObject([
      { documentName: 'AWS-RunShellScript', invocations: 2, byStatus: { Success: 2 }, firstRequestedOn: '2026-03-01' },
      { documentName: 'd', invocations: 2, byStatus: { Failed: 1, Success: 1 } },
    ]);
    expect(listDocuments(sqlite, { limit: 1, accountId: OTHER.accountId })).toMatchObject({
      items: [{ documentName: 'd', invocations: 1 }],
      next: undefined,
    });
    expect(listDocuments(sqlite, { limit: 1 }).next).toBe('AWS-RunShellScript');
  });
});
