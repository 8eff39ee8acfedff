import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { readArchiveNumber } from '../../../src/archive/number/read-archive-number.ts';
import { settleArchiveNumber } from '../../../src/archive/number/settle-archive-number.ts';
import { createRepliesRecorder } from '../../../src/archive/record/record-replies.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { tempFolder } from '../../db/temp-archive.ts';
import { page, rawInvocation } from '../raw-invocation.ts';
import { sentences, verifyInProcess } from '../verify/attacked-archive.ts';

const AT = '2026-03-01T00:00:00.000Z';

function newArchive(): ArchiveDb {
  const db = openArchive(join(tempFolder(), 'archive.db'));
  onTestFinished(() => db.close());
  return db;
}

function record({ sqlite }: ArchiveDb, nodes: readonly string[]): number[] {
  createRepliesRecorder(sqlite)([page(nodes.map((node) => rawInvocation({ InstanceId: node })))]);
  return sqlite.prepare<[], number>('SELECT id FROM invocations ORDER BY id').pluck().all();
}

describe('the number of an archive', () => {
  it('is 0 without a setting, and its first invocation has the id 1 as before there were numbers', () => {
    const db = newArchive();
    settleArchiveNumber(db.sqlite, undefined, AT);
    settleArchiveNumber(db.sqlite, 0, AT);
    expect(readArchiveNumber(db.sqlite)).toBe(0);
    expect(record(db, ['i-1', 'i-2'])).toEqual([1, 2]);
  });

  it.each([1, 7, 8191])('%i is the upper part of the ids of all its invocations, which stay exact', (number) => {
    const db = newArchive();
    settleArchiveNumber(db.sqlite, number, AT);
    const ids = record(db, ['i-1', 'i-2']);
    expect(ids).toEqual([number * 2 ** 40 + 1, number * 2 ** 40 + 2]);
    expect(record(db, ['i-3']).at(-1)).toBe(number * 2 ** 40 + 3);
    expect((number + 1) * 2 ** 40).toBeLessThanOrEqual(2 ** 53);
    expect(sentences(verifyInProcess(db.sqlite))).toBe('');
  });

  it('is taken by an archive that has never had an invocation, is in its ledger, and stays when it is set again', () => {
    const { sqlite } = newArchive();
    settleArchiveNumber(sqlite, 7, AT);
    settleArchiveNumber(sqlite, 7, AT);
    settleArchiveNumber(sqlite, undefined, AT);
    expect(readArchiveNumber(sqlite)).toBe(7);
    const entries = sqlite
      .prepare("SELECT entry_json FROM ledger_entries WHERE entry_json ->> '$.table' = 'archive_numbers'")
      .pluck()
      .all();
    expect(entries).toEqual([`{"kind":"row","row":{"id":1,"number":7,"set_at":"${AT}"},"table":"archive_numbers"}`]);
  });

  it('never changes: another setting is refused in words, and every statement by the file itself', () => {
    const db = newArchive();
    const { sqlite } = db;
    settleArchiveNumber(sqlite, 7, AT);
    expect(() => settleArchiveNumber(sqlite, 8, AT)).toThrow(
      /The configuration says that this is archive 8, and .* is archive 7\. .* SSM_ARCHIVE_NUMBER, to 7, or leave it out/,
    );
    for (const statement of [
      'UPDATE archive_numbers SET number = 8',
      'DELETE FROM archive_numbers',
      "INSERT OR REPLACE INTO archive_numbers VALUES (1, 8, 't')",
    ])
      expect(() => sqlite.exec(statement)).toThrow(/the number of an archive never changes/);
  });

  it('can not be given to an archive that has had invocations, even if all of them were pruned', () => {
    const db = newArchive();
    record(db, ['i-1']);
    expect(() => settleArchiveNumber(db.sqlite, 7, AT)).toThrow(/is archive 0\./);
    expect(() => db.sqlite.exec("INSERT INTO archive_numbers VALUES (1, 7, 't')")).toThrow(
      /before its first invocation/,
    );
    const other = newArchive();
    other.sqlite.exec("INSERT INTO pruned_leaves VALUES ('entries', 1, 1, 2)");
    expect(() => settleArchiveNumber(other.sqlite, 7, AT)).toThrow(/is archive 0\./);
  });
});
