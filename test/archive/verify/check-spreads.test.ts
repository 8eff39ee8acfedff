import { expect, test } from 'vitest';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { checkDerived } from '../../../src/archive/verify/check-derived.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { page, rawInvocation, SOURCE } from '../raw-invocation.ts';

const SENT_MS = Date.parse('2026-03-01T00:00:00.000Z');
const invoked = (commandId: string, node: number, afterMs: number) =>
  rawInvocation({ CommandId: commandId, InstanceId: `i-${node}`, RequestedDateTime: (SENT_MS + afterMs) / 1000 });
const kept = ({ sqlite }: ArchiveDb) =>
  sqlite.prepare('SELECT longest_ms, command_id FROM command_spreads').raw().all();

test('the longest time from a command to its last invocation is stored, in whatever order invocations come', () => {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  record(page([invoked('b', 1, 5 * HOUR_MS)]));
  expect(kept(db)).toEqual([]);
  record(page([invoked('b', 2, 3 * HOUR_MS)]));
  expect(kept(db)).toEqual([[2 * HOUR_MS, 'b']]);
  record(page([invoked('b', 3, HOUR_MS), invoked('a', 1, 0), invoked('a', 2, 6 * HOUR_MS)]));
  expect(kept(db)).toEqual([[6 * HOUR_MS, 'a']]);
  record(page([invoked('b', 4, 8 * HOUR_MS)]));
  record(page([invoked('b', 5, 0)]));
  expect(kept(db)).toEqual([[8 * HOUR_MS, 'b']]);
  const listed = observeCommand({ CommandId: 'b', RequestedDateTime: (SENT_MS - DAY_MS) / 1000 });
  createListedCommandRecorder(db.sqlite)(SOURCE, '2026-03-31T00:00:00.000Z', [listed]);
  expect(kept(db)).toEqual([[32 * HOUR_MS, 'b']]);
  expect(checkDerived(db.sqlite)).toEqual([]);
});

test('a longest time that was rolled back is not stored, and later longest times are still measured', () => {
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  record(page([invoked('a', 1, HOUR_MS)]));
  const failing = { ...page([invoked('a', 2, 9 * HOUR_MS), invoked('a', 3, 0)]), inTransaction: fail };
  expect(() => record(failing)).toThrow('No lease.');
  record(page([invoked('a', 3, 0)]));
  expect(kept(db)).toEqual([[HOUR_MS, 'a']]);
});

test('a longest time that was shortened, or removed, is reported by `verify`', () => {
  const db = tempArchive();
  createSingleReplyRecorder(db.sqlite)(page([invoked('a', 1, 0), invoked('a', 2, 70 * HOUR_MS)]));
  const fault = expect.stringMatching(/^command_spreads has too short a time for \["012345678901"/);
  db.sqlite.exec('UPDATE command_spreads SET longest_ms = longest_ms - 1');
  expect(checkDerived(db.sqlite)).toEqual([expect.objectContaining({ what: fault })]);
  db.sqlite.exec('DELETE FROM command_spreads');
  expect(checkDerived(db.sqlite)).toEqual([expect.objectContaining({ what: fault })]);
});

function fail(): never {
  throw new Error('No lease.');
}
