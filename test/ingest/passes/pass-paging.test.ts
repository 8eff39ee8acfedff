import { describe, expect, test } from 'vitest';
import { listCovered } from '../../../src/archive/record/mark-covered.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, REGION, START, startTrial } from '../archive-trial.ts';
import { expectEqualToService } from '../expect-equal.ts';

const SOURCE = { accountId: ACCOUNT, region: REGION };

describe('a pass', () => {
  test('keeps every member of every invocation and step that the service shows', async () => {
    const { simulator, db, pass } = await startTrial({
      faults: { unmodelledMembers: true, exponentTimestamps: true, unknownStatuses: 0.05 },
    });
    const { outcome } = await pass();
    expect(outcome).toBe('complete');
    expect(expectEqualToService(db, simulator, ACCOUNT, REGION)).toBeGreaterThan(500);
  });

  test('covers the 30 days before it, minus the settling time', async () => {
    const { db, pass } = await startTrial();
    await pass();
    const now = START.getTime();
    expect(listCovered(db.sqlite, SOURCE)).toEqual([{ from: now - 30 * DAY_MS, to: now - 15 * MINUTE_MS }]);
  });

  test.each([
    ['pages that are empty but carry a token', { emptyPageRate: 0.4 }, 'emptyPages'],
    ['short replies', { shortPageRate: 0.7 }, 'shortPages'],
    ['items repeated across replies', { repeatRate: 0.7 }, 'repeats'],
  ] as const)('loses nothing with %s', async (_, faults, counter) => {
    const { simulator, db, pass } = await startTrial({ faults, invocations: 1000 });
    const { outcome } = await pass();
    expect(simulator.stats[counter]).toBeGreaterThan(0);
    expect(outcome).toBe('complete');
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test('loses nothing if the service applies its filters only after cutting the listing into replies', async () => {
    const { simulator, db, pass } = await startTrial({ faults: { filterAfterPaging: true }, invocations: 400 });
    expect((await pass()).outcome).toBe('complete');
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test('loses no invocation that appears while it reads reply after reply', async () => {
    const { simulator, db, pass } = await startTrial({ invocations: 2000 });
    await pass({ onProgress: () => simulator.clock.advance(20_000) });
    simulator.clock.advance(MINUTE_MS);
    await pass();
    expectEqualToService(db, simulator, ACCOUNT, REGION);
  });

  test('writes no row and makes only a few calls if the data has not changed', async () => {
    const { db, pass, calls } = await startTrial({ longShare: 0, rollingShare: 0 });
    await pass();
    const rows = () =>
      db.sqlite
        .prepare('SELECT (SELECT count(*) FROM revisions), (SELECT max(changed_at) FROM invocations)')
        .raw()
        .get();
    const before = { rows: rows(), calls: calls() };
    const { sources } = await pass();
    expect(rows()).toEqual(before.rows);
    expect(sources[0]).toMatchObject({ rowsAdded: 0, rowsChanged: 0 });
    expect(calls() - before.calls).toBeLessThan(8);
  });

  test('lists only the span that it is given, whether or not it is covered already', async () => {
    const { db, pass } = await startTrial();
    const from = START.getTime() - 10 * DAY_MS;
    const only = { from, to: from + DAY_MS };
    const { sources } = await pass({ only });
    expect(sources[0]?.rowsAdded).toBeGreaterThan(0);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([only]);
  });
});

describe('a token that expires', () => {
  test('at random times leads to a new listing of its slice, and only a listing that ended counts as covered', async () => {
    const { simulator, db, pass } = await startTrial({ faults: { invalidTokenRate: 0.25 }, invocations: 4000 });
    const { outcome } = await pass();
    expect(simulator.stats.invalidTokens).toBeGreaterThan(3);
    expect(outcome).toBe('complete');
    expectEqualToService(db, simulator, ACCOUNT, REGION);
    const failed = db.sqlite
      .prepare("SELECT count(*) FROM sweeps WHERE outcome = 'failed' AND error LIKE '%InvalidNextToken%'")
      .pluck()
      .get();
    expect(failed).toBeGreaterThan(3);
  });

  test('before its listing is finished leads to listings of half the slice, and so on until they finish', async () => {
    const { simulator, db, pass } = await startTrial({ faults: { tokenLifePages: 2 }, invocations: 2000 });
    const { outcome } = await pass();
    expect(simulator.stats.invalidTokens).toBeGreaterThan(3);
    expect(outcome).toBe('complete');
    expectEqualToService(db, simulator, ACCOUNT, REGION);
    expect(listCovered(db.sqlite, SOURCE)).toHaveLength(1);
  });

  test('makes the pass fail if no listing ever finishes: the replies that came are kept, and nothing is covered', async () => {
    const { db, pass } = await startTrial({ faults: { invalidTokenRate: 1, emptyPageRate: 1 }, invocations: 50 });
    const { outcome, sources } = await pass({ only: { from: START.getTime() - 20_000, to: START.getTime() } });
    expect(outcome).toBe('failed');
    expect(sources[0]?.error).toMatch(/InvalidNextToken/);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([]);
  });
});
