import { describe, expect, it } from 'vitest';
import { coverageOfBuckets } from '../../../src/archive/coverage/coverage-of-buckets.ts';
import { coverageOfSpan } from '../../../src/archive/coverage/coverage-of-span.ts';
import { lastLooks } from '../../../src/archive/coverage/last-looks.ts';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { noteOwed } from '../../../src/archive/coverage/sources/note-owed.ts';
import { markCovered } from '../../../src/archive/record/mark-covered.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { daysAgo, NOW_MS, recordPass } from '../archive-with-passes.ts';
import { SOURCE } from '../raw-invocation.ts';

const WHEN = { nowMs: NOW_MS, settlingMs: 15 * MINUTE_MS };
const SETTLED_DAYS = (15 * MINUTE_MS) / DAY_MS;
const span = (from: number, to?: number) => ({
  ...{ ...WHEN, from: NOW_MS - from * DAY_MS },
  ...(to !== undefined && { to: NOW_MS - to * DAY_MS }),
});

function collected(covers: [number, number][] = [[20, SETTLED_DAYS]]) {
  const db = tempArchive();
  recordPass(db, { startedMs: NOW_MS - 15 * MINUTE_MS, covers });
  return db;
}

describe('the coverage of a span', () => {
  it('is complete if the whole span was collected', () => {
    expect(coverageOfSpan(collected().sqlite, span(10, 5))).toEqual({
      ...{ from: daysAgo(10), to: daysAgo(5), state: 'complete', coveredPart: 1 },
      ...{ gaps: [], gapCount: 0, edges: [], edgeCount: 0, forgottenCommands: 0, missingSources: 0 },
    });
  });

  it('is zero in a month that was never collected, and names the account and region', () => {
    const found = coverageOfSpan(collected().sqlite, span(90, 60));
    expect(found).toMatchObject({ state: 'notCollected', coveredPart: 0, gapCount: 1, edgeCount: 0 });
    expect(found.gaps).toEqual([{ ...SOURCE, from: daysAgo(90), to: daysAgo(60), isForgotten: true, isOpen: false }]);
  });

  it('is the part of the span that was collected; an edge does not count as covered', () => {
    const found = coverageOfSpan(collected().sqlite, span(36, 2));
    expect(found).toMatchObject({ state: 'incomplete', coveredPart: 16 / 34, gapCount: 2, edgeCount: 1 });
    expect(found.edges).toEqual([{ ...SOURCE, from: daysAgo(20), to: daysAgo(18) }]);
  });

  it('distinguishes time that cannot be collected yet from time that was missed', () => {
    const found = coverageOfSpan(collected().sqlite, span(10, -2));
    expect(found.state).toBe('incomplete');
    expect(found.gaps).toEqual([
      { ...SOURCE, from: daysAgo(SETTLED_DAYS), to: daysAgo(-2), isForgotten: false, isOpen: true },
    ]);
  });

  it('is zero in an archive without sources, for any span', () => {
    const { sqlite } = tempArchive();
    expect(coverageOfSpan(sqlite, WHEN)).toMatchObject({ from: null, to: null, state: 'notCollected', coveredPart: 0 });
    const gap = { accountId: null, region: null, from: daysAgo(9), to: daysAgo(8), isForgotten: false, isOpen: false };
    expect(coverageOfSpan(sqlite, span(9, 8))).toMatchObject({ state: 'notCollected', gaps: [gap], gapCount: 1 });
    expect(coverageOfSpan(sqlite, span(9))).toMatchObject({ state: 'notCollected', to: daysAgo(SETTLED_DAYS) });
  });

  it('is zero for an account that the archive does not know, even if it knows another one', () => {
    const { sqlite } = collected();
    expect(coverageOfSpan(sqlite, { ...span(9, 8), accountId: '999999999999' }).state).toBe('notCollected');
    expect(coverageOfSpan(sqlite, { ...span(9, 8), accountId: SOURCE.accountId }).state).toBe('complete');
  });

  it('is zero before the first pass if no start is given', () => {
    const before = { ...WHEN, to: NOW_MS - 50 * DAY_MS };
    expect(coverageOfSpan(collected().sqlite, before)).toMatchObject({
      state: 'notCollected',
      from: null,
      coveredPart: 0,
    });
    const [place] = readCoverage(collected().sqlite, before);
    expect(place).toMatchObject({ isComplete: false, span: { from: daysAgo(50), to: daysAgo(50) } });
  });

  it('has a gap if one account and region was only collected after the span, even if another account and region was collected in it', () => {
    const db = collected();
    const other = { accountId: '444455556666', region: 'eu-west-1' };
    recordPass(db, { startedMs: NOW_MS, result: other });
    markCovered(db.sqlite, other, { from: NOW_MS - 3 * DAY_MS, to: NOW_MS });
    const found = coverageOfSpan(db.sqlite, { ...WHEN, to: NOW_MS - 8 * DAY_MS });
    expect(found).toMatchObject({ state: 'incomplete', coveredPart: 0.5, gapCount: 1 });
    expect(found.gaps).toMatchObject([{ ...other, from: daysAgo(18), to: daysAgo(8) }]);
  });

  it('names at most ten gaps, but counts all of them', () => {
    const covers = Array.from({ length: 15 }, (_, n): [number, number] => [29 - 2 * n, 28 - 2 * n]);
    const found = coverageOfSpan(collected(covers).sqlite, span(30, 0));
    expect(found.gaps).toHaveLength(10);
    expect(found.gapCount).toBe(15);
  });

  it('is incomplete if an owed source never answered, but may be complete in a region in which that source is not owed', () => {
    const db = collected();
    noteOwed(db.sqlite, [{ alias: 'other', region: 'us-east-1' }], { at: daysAgo(1) });
    expect(coverageOfSpan(db.sqlite, span(10, 5))).toMatchObject({
      ...{ state: 'incomplete', coveredPart: 0.5, missingSources: 1, gapCount: 1 },
      gaps: [{ alias: 'other', accountId: null, region: 'us-east-1' }],
    });
    expect(coverageOfSpan(db.sqlite, { ...span(10, 5), region: SOURCE.region }).state).toBe('complete');
  });

  it.each([
    [60, 40],
    [25, 10],
    [19, 10],
    [18, 10],
    [10, 0],
    [10, -9],
    [-1, -2],
  ])(
    'is complete from %d to %d days ago exactly if the coverage of each account and region is complete',
    (from, to) => {
      const db = collected();
      const whole = readCoverage(db.sqlite, span(from, to));
      const isComplete = whole.every((of) => of.isComplete);
      expect(coverageOfSpan(db.sqlite, span(from, to)).state === 'complete').toBe(isComplete);
    },
  );
});

describe('the coverage of the parts of a chart', () => {
  const ends = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, n) => NOW_MS - (from - n) * DAY_MS);

  it('is `notCollected` before the first pass, and `partly` in a part that has a gap', () => {
    const db = collected([
      [20, 15.5],
      [15, SETTLED_DAYS],
    ]);
    expect(coverageOfBuckets(db.sqlite, { ...span(22), ends: ends(22, 13) })).toEqual([
      ...['notCollected', 'notCollected', 'collected', 'collected', 'collected', 'collected', 'partly'],
      ...['collected', 'collected'],
    ]);
  });

  it('is `open` after the last pass, but `notCollected` if passes have stopped', () => {
    expect(coverageOfBuckets(collected().sqlite, { ...span(2), ends: ends(2, -2) })).toEqual([
      ...['collected', 'open', 'open', 'open'],
    ]);
    expect(coverageOfBuckets(collected([[20, 5]]).sqlite, { ...span(7), ends: ends(7, 0) })).toEqual([
      ...['collected', 'collected', 'notCollected', 'notCollected', 'notCollected', 'notCollected', 'notCollected'],
    ]);
  });

  it('is `notCollected` if no source is owed', () => {
    expect(coverageOfBuckets(tempArchive().sqlite, { ...span(3), ends: ends(3, 1) })).toEqual([
      ...['notCollected', 'notCollected'],
    ]);
  });
});

describe('the time at which the archive last looked at an account and region', () => {
  it('is when the last pass that collected the account and region began; failed passes do not count', () => {
    const db = tempArchive();
    recordPass(db, { startedMs: NOW_MS - 8 * DAY_MS });
    recordPass(db, { startedMs: NOW_MS - 7 * DAY_MS, result: { outcome: 'failed', error: 'Denied.' } });
    expect(lastLooks(db.sqlite, {})).toEqual([{ ...SOURCE, lookedAt: daysAgo(8) }]);
    expect(lastLooks(db.sqlite, { region: 'nowhere-1' })).toEqual([]);
  });

  it('is still known for an account if the alias of its source now belongs to another account', () => {
    const db = tempArchive();
    recordPass(db, { startedMs: NOW_MS - 8 * DAY_MS });
    recordPass(db, { startedMs: NOW_MS - DAY_MS, result: { accountId: '444455556666' } });
    expect(lastLooks(db.sqlite, {})).toEqual([
      { ...SOURCE, lookedAt: daysAgo(8) },
      { accountId: '444455556666', region: SOURCE.region, lookedAt: daysAgo(1) },
    ]);
  });

  it('is null if no pass has collected the account', () => {
    const db = tempArchive();
    noteOwed(db.sqlite, [{ alias: 'a', accountId: '444455556666', region: 'eu-west-1' }], { at: daysAgo(1) });
    expect(lastLooks(db.sqlite, {})).toEqual([{ accountId: '444455556666', region: 'eu-west-1', lookedAt: null }]);
  });
});
