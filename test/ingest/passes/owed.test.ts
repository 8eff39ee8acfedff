import { describe, expect, test } from 'vitest';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { listOwed } from '../../../src/archive/coverage/sources/list-owed.ts';
import { listCovered } from '../../../src/archive/record/mark-covered.ts';
import { coverageGaps } from '../../../src/archive/reports/coverage-gaps.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { coveredOf } from '../../../src/ingest/account/covered-of.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { formatCoverage, parseCoverage } from '../../../src/model/coverage/coverage-statement.ts';
import { bindReport } from '../../../src/questions/reports/bind-report.ts';
import { ACCOUNT, REGION, START, startTrial } from '../archive-trial.ts';

const SETTLING_MS = 15 * MINUTE_MS;
const iso = (days: number) => new Date(START.getTime() + days * DAY_MS).toISOString();

function judged(db: ArchiveDb, now: Date) {
  return readCoverage(db.sqlite, { nowMs: now.getTime(), settlingMs: SETTLING_MS });
}

describe('a source that is owed because it is configured', () => {
  test('is known by account and region after its first answer, and complete after the first pass', async () => {
    const { db, pass, config } = await startTrial({ invocations: 200 });
    const [source] = config.sources;
    if (!source) throw new Error('The trial has a source.');
    // Neither source says which account it is.
    const sources = [{ alias: 'default', regions: source.regions }];
    await pass({ config: { sources } });
    await pass({ config: { sources } });
    expect(listOwed(db.sqlite)).toMatchObject([
      { alias: 'default', accountId: ACCOUNT, region: REGION, sinceAt: iso(0), endedAt: null },
    ]);
    expect(judged(db, START)).toMatchObject([{ accountId: ACCOUNT, isComplete: true, gaps: [] }]);
  });

  test('is a gap from the time at which it was configured, even once it is collected', async () => {
    const { simulator, db, pass } = await startTrial({
      invocations: 200,
      faults: { deniedOperations: ['AssumeRole'] },
    });
    await pass();
    expect(judged(db, START)).toMatchObject([{ gaps: [{ from: iso(-30), isForgotten: false }] }]);
    simulator.clock.advance(10 * DAY_MS);
    simulator.faults.deniedOperations = [];
    await pass();
    expect(judged(db, simulator.clock.now())).toMatchObject([
      { isComplete: false, gaps: [{ from: iso(-30), to: iso(-20), isForgotten: true }] },
    ]);
  });

  test('has the reason in the report of gaps, if it is not covered because it may not list commands', async () => {
    const { db, pass } = await startTrial({ invocations: 100, faults: { deniedOperations: ['ListCommands'] } });
    await pass();
    expect(listCovered(db.sqlite, { accountId: ACCOUNT, region: REGION })).toEqual([]);
    const gaps = db.sqlite.prepare(coverageGaps.sql).all(bindReport(coverageGaps, {}, START));
    expect(gaps).toMatchObject([
      { account_id: ACCOUNT, region: REGION, last_error: expect.stringMatching(/Grant ssm:ListCommands on/) },
    ]);
  });
});

describe('an archive that is asked instead of AWS and misses a source', () => {
  test('gives no coverage, even to a version that does not know what missing sources are', () => {
    const span = { from: START.getTime() - DAY_MS, to: START.getTime() };
    const said = formatCoverage({ gaps: [span], edges: [], moreGaps: 0, forgottenCommands: 0, missingSources: 1 });
    expect(parseCoverage(said)).toMatchObject({ missingSources: 1 });
    expect(coveredOf(span, { cutoff: 0, spreadMs: 0 }, [said])).toEqual([]);
    expect(coveredOf(span, { cutoff: 0, spreadMs: 0 }, [said.replace('; missing-sources=1', '')])).toEqual([]);
  });
});
