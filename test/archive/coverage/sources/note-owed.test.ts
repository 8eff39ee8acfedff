import { describe, expect, it } from 'vitest';
import { endSource } from '../../../../src/archive/coverage/sources/end-source.ts';
import { forgetDouble } from '../../../../src/archive/coverage/sources/forget-double.ts';
import { listOwed } from '../../../../src/archive/coverage/sources/list-owed.ts';
import { notConfigured } from '../../../../src/archive/coverage/sources/not-configured.ts';
import { noteOwed } from '../../../../src/archive/coverage/sources/note-owed.ts';
import type { ConfiguredSource } from '../../../../src/archive/coverage/sources/owed-source.ts';
import type { ArchiveDb } from '../../../../src/db/open.ts';
import { tempArchive } from '../../../db/temp-archive.ts';
import { daysAgo, NOW_MS, recordPass } from '../../archive-with-passes.ts';

const A = '111122223333';
const B = '444455556666';
const EU = 'eu-west-1';
const US = 'us-east-1';

function owed({ sqlite }: ArchiveDb): unknown[][] {
  return listOwed(sqlite).map(({ alias, accountId, region, endedAt }) => [
    alias,
    accountId,
    region,
    ...(endedAt === null ? [] : ['ended']),
  ]);
}

function archiveOf(...passes: ConfiguredSource[][]): ArchiveDb {
  const db = tempArchive();
  for (const [n, sources] of passes.entries()) noteOwed(db.sqlite, sources, { at: daysAgo(10 - n) });
  return db;
}

const answered = ({ sqlite }: ArchiveDb, source: ConfiguredSource) =>
  noteOwed(sqlite, [source], { at: daysAgo(1), hasAnswered: true });

const entries = ({ sqlite }: ArchiveDb) =>
  sqlite
    .prepare<[], string>(
      "SELECT entry_json FROM ledger_entries WHERE kind = 'row' AND entry_json ->> '$.table' = 'owed_sources' ORDER BY seq",
    )
    .pluck()
    .all()
    .map((entry) => JSON.parse(entry).row);

describe('a configured source', () => {
  it('is owed in each of its regions from the first pass that is configured with it, and is noted once', () => {
    const sources = [{ alias: 'a', region: EU }, { alias: 'a', region: US }, { alias: 'b' }];
    const db = archiveOf(sources, sources, sources);
    expect(owed(db)).toEqual([
      ['a', null, EU],
      ['a', null, US],
      ['b', null, null],
    ]);
    expect(listOwed(db.sqlite).map(({ sinceAt }) => sinceAt)).toEqual([daysAgo(10), daysAgo(10), daysAgo(10)]);
    expect(entries(db)).toHaveLength(3);
  });

  it('gets a second entry, with its account and region, after its first answer, and stays owed from the same time', () => {
    const db = archiveOf([{ alias: 'a' }]);
    answered(db, { alias: 'a', accountId: A, region: EU });
    answered(db, { alias: 'a', accountId: A, region: EU });
    expect(listOwed(db.sqlite)).toMatchObject([{ alias: 'a', accountId: A, region: EU, sinceAt: daysAgo(10) }]);
    expect(entries(db).map(({ account_id }) => account_id)).toEqual([null, A]);
  });

  it('stays owed if another account answers under the same name, and that account is then owed too', () => {
    const db = archiveOf([{ alias: 'a', region: EU }]);
    answered(db, { alias: 'a', accountId: A, region: EU });
    answered(db, { alias: 'a', accountId: B, region: EU });
    noteOwed(db.sqlite, [{ alias: 'a', region: EU }], { at: daysAgo(0) });
    expect(owed(db)).toEqual([
      ['a', A, EU],
      ['a', B, EU],
    ]);
  });

  it('can only be ended by its name, and is owed again from the next pass that is configured with it', () => {
    const db = archiveOf([{ alias: 'a', accountId: A, region: EU }], []);
    expect(endSource(db.sqlite, { alias: 'a', region: US, at: daysAgo(2), by: 'me' })).toEqual([]);
    expect(endSource(db.sqlite, { alias: 'a', at: daysAgo(2), by: 'me', reason: 'closed' })).toMatchObject([
      { alias: 'a', sinceAt: daysAgo(10) },
    ]);
    expect(entries(db).at(-1)).toMatchObject({ ended_at: daysAgo(2), ended_by: 'me', end_reason: 'closed' });
    noteOwed(db.sqlite, [{ alias: 'a', accountId: A, region: EU }], { at: daysAgo(1) });
    expect(owed(db)).toEqual([
      ['a', A, EU, 'ended'],
      ['a', A, EU],
    ]);
  });

  it('is no longer owed once it proves to be a duplicate, until it answers as another account', () => {
    const db = archiveOf([
      { alias: 'a', region: EU },
      { alias: 'b', region: EU },
    ]);
    answered(db, { alias: 'a', accountId: A, region: EU });
    const other = { alias: 'a', accountId: A, region: EU };
    const double = { alias: 'b', region: EU, sentence: 'It is a.', at: daysAgo(3), other };
    forgetDouble(db.sqlite, double);
    // Each pass does this as long as both sources are configured.
    noteOwed(db.sqlite, [{ alias: 'b', region: EU }], { at: daysAgo(2) });
    forgetDouble(db.sqlite, double);
    expect(owed(db)).toEqual([
      ['a', A, EU],
      ['b', null, EU, 'ended'],
    ]);
    expect(entries(db)).toHaveLength(4);
    answered(db, { alias: 'b', accountId: B, region: EU });
    expect(owed(db).at(-1)).toEqual(['b', B, EU]);
  });

  it('is no longer owed if its role belongs to another source’s account, unless it was owed earlier than that source', () => {
    const db = archiveOf([
      { alias: 'a', region: EU },
      { alias: 'b', accountId: A, region: EU },
    ]);
    const other = { alias: 'a', accountId: A, region: EU };
    answered(db, other);
    forgetDouble(db.sqlite, { alias: 'b', region: EU, sentence: 'It is a.', at: daysAgo(3), other });
    noteOwed(db.sqlite, [{ alias: 'b', accountId: A, region: EU }], { at: daysAgo(2) });
    expect(owed(db)).toEqual([
      ['a', A, EU],
      ['b', A, EU, 'ended'],
    ]);
    const late = { alias: 'c', accountId: A, region: EU };
    noteOwed(db.sqlite, [late], { at: daysAgo(1) });
    forgetDouble(db.sqlite, { alias: 'a', region: EU, sentence: 'It is c.', at: daysAgo(1), other: late });
    expect(owed(db)[0]).toEqual(['a', A, EU]);
  });
});

describe('the list of owed sources that are not in today’s configuration', () => {
  const names = (db: ArchiveDb, ...configured: ConfiguredSource[]) =>
    notConfigured(db.sqlite, configured).map(({ alias, accountId, region, isCollectedOtherwise }) => [
      ...[alias, accountId, region],
      ...(isCollectedOtherwise ? ['by another name'] : []),
    ]);

  it('includes a source whose region was removed or whose name was changed', () => {
    const db = archiveOf([
      { alias: 'a', accountId: A, region: EU },
      { alias: 'a', accountId: A, region: US },
    ]);
    expect(names(db, { alias: 'a', accountId: A, region: EU })).toEqual([['a', A, US]]);
    noteOwed(db.sqlite, [{ alias: 'renamed', accountId: A, region: EU }], { at: daysAgo(1) });
    expect(names(db, { alias: 'renamed', accountId: A, region: EU })).toEqual([
      ['a', A, EU, 'by another name'],
      ['a', A, US],
    ]);
  });

  it('includes the former account of a source if the configuration does not say which account the source is', () => {
    const db = archiveOf([
      { alias: 'default', accountId: A, region: EU },
      { alias: 'default', accountId: B, region: EU },
    ]);
    recordPass(db, { startedMs: NOW_MS, result: { accountId: B, region: EU } });
    expect(names(db, { alias: 'default', region: EU })).toEqual([['default', A, EU]]);
    recordPass(db, { startedMs: NOW_MS, result: { accountId: A, region: EU } });
    expect(names(db, { alias: 'default' })).toEqual([['default', B, EU]]);
  });

  it('is empty if all sources are configured, and leaves out ended sources', () => {
    const db = archiveOf([{ alias: 'a', region: EU }, { alias: 'b' }]);
    endSource(db.sqlite, { alias: 'b', at: daysAgo(1), by: 'me' });
    expect(names(db, { alias: 'a', region: EU })).toEqual([]);
  });
});
