import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import {
  type CommandToFollow,
  listCommandsToFollow,
  noteListed,
  rememberExecuting,
} from '../../../src/archive/record/unfinished-commands.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation, SOURCE } from '../raw-invocation.ts';

type ExecutingCommand = Parameters<typeof rememberExecuting>[2][number];

const AT = '2026-03-01T10:00:00.000Z';
const LATER = '2026-03-01T11:00:00.000Z';

function executing(commandId: string, more: Partial<ExecutingCommand> = {}): ExecutingCommand {
  return { commandId, requestedAt: '2026-03-01T09:00:00.000Z', countsJson: '{"CompletedCount":1}', ...more };
}

function record(db: ArchiveDb, CommandId: string, nodes: Record<string, string | undefined>): void {
  const raws = Object.entries(nodes).map(([InstanceId, Status]) => rawInvocation({ CommandId, InstanceId, Status }));
  createSingleReplyRecorder(db.sqlite)(page(raws));
}

function idsOf(db: ArchiveDb): string[] {
  return listCommandsToFollow(db.sqlite, SOURCE).map(({ commandId }) => commandId);
}

function find(db: ArchiveDb, commandId: string): CommandToFollow {
  const found = listCommandsToFollow(db.sqlite, SOURCE).find((command) => command.commandId === commandId);
  if (!found) throw new Error(`${commandId} is not unfinished.`);
  return found;
}

describe('a command seen executing', () => {
  it('is stored in the file, even before any invocation of it was seen', () => {
    const db = tempArchive();
    rememberExecuting(db.sqlite, SOURCE, [executing('c')], AT);
    expect(listCommandsToFollow(db.sqlite, SOURCE)).toEqual([
      {
        commandId: 'c',
        isRemembered: true,
        isExecuting: true,
        countsJson: '{"CompletedCount":1}',
        requestedAt: '2026-03-01T09:00:00.000Z',
        listedAt: null,
        listedCountsJson: null,
        unfinishedInstanceIds: [],
        knownInvocations: 0,
      },
    ]);
  });

  it('is not dropped when it ends: it stays until it has been listed once more', () => {
    const db = tempArchive();
    rememberExecuting(db.sqlite, SOURCE, [executing('c')], AT);
    noteListed(db.sqlite, SOURCE, find(db, 'c'), { at: AT, isForgotten: false });
    expect(find(db, 'c')).toMatchObject({ isExecuting: true, listedAt: AT, listedCountsJson: '{"CompletedCount":1}' });
    rememberExecuting(db.sqlite, SOURCE, [], LATER);
    expect(find(db, 'c')).toMatchObject({ isRemembered: true, isExecuting: false });
    noteListed(db.sqlite, SOURCE, find(db, 'c'), { at: LATER, isForgotten: false });
    expect(rowsOf(db, 'unfinished_commands')).toEqual([]);
    expect(idsOf(db)).toEqual([]);
  });

  it('keeps the times at which it was first seen and last listed while its counts change', () => {
    const db = tempArchive();
    rememberExecuting(db.sqlite, SOURCE, [executing('c')], AT);
    noteListed(db.sqlite, SOURCE, find(db, 'c'), { at: AT, isForgotten: false });
    rememberExecuting(db.sqlite, SOURCE, [executing('c', { countsJson: '{"CompletedCount":2}' })], LATER);
    expect(rowsOf(db, 'unfinished_commands')).toMatchObject([{ first_seen_at: AT, listed_at: AT }]);
    expect(find(db, 'c')).toMatchObject({
      countsJson: '{"CompletedCount":2}',
      listedCountsJson: '{"CompletedCount":1}',
    });
  });

  it('is not changed by the same command id in another account or region', () => {
    const db = tempArchive();
    const other = { ...SOURCE, region: 'us-east-1' };
    rememberExecuting(db.sqlite, other, [executing('c')], AT);
    rememberExecuting(db.sqlite, SOURCE, [], LATER);
    expect(listCommandsToFollow(db.sqlite, SOURCE)).toEqual([]);
    expect(listCommandsToFollow(db.sqlite, other)).toMatchObject([{ commandId: 'c', isExecuting: true }]);
  });
});

describe('the commands that a pass must list by id', () => {
  it('include every command with an invocation that is not final, whatever its status', () => {
    const db = tempArchive();
    for (const Status of ['Pending', 'InProgress', 'Delayed', 'Cancelling', 'Invented', '', undefined]) {
      record(db, `c ${Status}`, { 'i-1': Status });
    }
    for (const Status of ['Success', 'Failed', 'TimedOut', 'Cancelled']) record(db, `c ${Status}`, { 'i-1': Status });
    expect(idsOf(db).sort()).toEqual(
      ['c ', 'c Cancelling', 'c Delayed', 'c InProgress', 'c Invented', 'c Pending', 'c undefined'].sort(),
    );
  });

  it('come with the nodes whose invocations are not final, and with the number of all known nodes', () => {
    const db = tempArchive();
    record(db, 'c', { 'i-1': 'Success', 'i-2': 'InProgress', 'i-3': 'Failed', 'i-4': 'Pending' });
    const command = find(db, 'c');
    expect(command.unfinishedInstanceIds.toSorted()).toEqual(['i-2', 'i-4']);
    expect(command).toMatchObject({ knownInvocations: 4, isRemembered: false, isExecuting: false, countsJson: null });
  });

  it('are sorted by request time, oldest first', () => {
    const db = tempArchive();
    const sent = (day: number) => ({ requestedAt: `2026-02-0${day}T00:00:00.000Z` });
    rememberExecuting(
      db.sqlite,
      SOURCE,
      [executing('b', sent(3)), executing('a', sent(5)), executing('c', sent(1))],
      AT,
    );
    expect(idsOf(db)).toEqual(['c', 'b', 'a']);
  });

  it('still include a command that was already listed, while some of its invocations are not final', () => {
    const db = tempArchive();
    record(db, 'c', { 'i-1': 'InProgress' });
    noteListed(db.sqlite, SOURCE, find(db, 'c'), { at: AT, isForgotten: false });
    expect(idsOf(db)).toEqual(['c']);
    record(db, 'c', { 'i-1': 'Success' });
    expect(idsOf(db)).toEqual([]);
  });

  it('do not include a command that the service has forgotten, which is noted in the file', () => {
    const db = tempArchive();
    record(db, 'c', { 'i-1': 'InProgress' });
    noteListed(db.sqlite, SOURCE, find(db, 'c'), { at: LATER, isForgotten: true });
    expect(idsOf(db)).toEqual([]);
    expect(rowsOf(db, 'unfinished_commands')).toMatchObject([{ command_id: 'c', forgotten_at: LATER }]);
  });

  it('include a forgotten command again if the service shows it executing after all', () => {
    const db = tempArchive();
    record(db, 'c', { 'i-1': 'InProgress' });
    noteListed(db.sqlite, SOURCE, find(db, 'c'), { at: LATER, isForgotten: true });
    rememberExecuting(db.sqlite, SOURCE, [executing('c')], LATER);
    expect(find(db, 'c')).toMatchObject({ isExecuting: true, unfinishedInstanceIds: ['i-1'] });
  });

  it('are read from the index of invocations that are not final, however many rows there are', () => {
    const db = tempArchive();
    const prepared: string[] = [];
    const sqlite = Object.assign(Object.create(db.sqlite), {
      prepare(sql: string) {
        prepared.push(sql);
        return db.sqlite.prepare(sql);
      },
    });
    listCommandsToFollow(sqlite, SOURCE);
    const plan = db.sqlite
      .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${prepared[0]}`)
      .all({ accountId: 'a', region: 'r' });
    const uses = plan.map(({ detail }) => detail).join('\n');
    expect(uses).toContain('SEARCH invocations USING INDEX invocations_unfinished (account_id=? AND region=?)');
    expect(uses).toContain('SEARCH i USING INDEX invocations_key (command_id=? AND account_id=? AND region=?)');
    expect(uses).not.toMatch(/SCAN (invocations|i)\b/);
  });
});
