import { describe, expect, test } from 'vitest';
import { certifyCoverage } from '../../../src/archive/coverage/certificate/certify-coverage.ts';
import { readCoverage } from '../../../src/archive/coverage/read-coverage.ts';
import { stateCoverage } from '../../../src/archive/coverage/state-coverage.ts';
import { DAY_MS, HOUR_MS, isoFromMs, MINUTE_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, REGION, START, startTrial, type Trial } from '../archive-trial.ts';
import { isKept, requestedIn } from '../upstream-truth.ts';

const SOURCE = { accountId: ACCOUNT, region: REGION };
const ROLLING = { rollingShare: 0.5, invocations: 3000, forgetTime: 'command' } as const;
const begin = START.getTime();
const cutoff = begin - 30 * DAY_MS;

const judged = ({ db, simulator, config }: Trial, from?: number, to?: number) => {
  const [place] = readCoverage(db.sqlite, {
    ...{ nowMs: simulator.clock.now().getTime(), settlingMs: config.settlingMs, from, to },
  });
  if (!place) throw new Error('Nothing was collected.');
  return place;
};

describe.each(['invocation', 'command'] as const)(
  'a service that forgets by the command’s time and filters by the time of the %s',
  (filterTime) => {
    test('does not show all invocations at the left edge, and no span that contains a missing one is reported as complete', async () => {
      const trial = await startTrial({ ...ROLLING, filterTime });
      await trial.pass();
      const missing = requestedIn(ROLLING, cutoff, begin).filter((one) => !isKept(trial.db, one));
      expect(missing.length).toBeGreaterThan(5);
      const { spreadMs, covered, edges } = judged(trial);
      expect(edges).toMatchObject([{ from: isoFromMs(cutoff), to: isoFromMs(cutoff + spreadMs) }]);
      expect(covered[0]?.from).toBe(isoFromMs(cutoff + spreadMs));
      for (const { requestedMs, sentMs } of missing) {
        expect(sentMs).toBeLessThan(cutoff);
        const span = { from: requestedMs, to: requestedMs + 1 };
        const when = { nowMs: begin, settlingMs: trial.config.settlingMs };
        expect(judged(trial, span.from, span.to).isComplete).toBe(false);
        expect(certifyCoverage(trial.db.sqlite, { ...when, ...span }).complete).toBe(false);
        const asked = { fromMs: span.from, toMs: span.to };
        expect(stateCoverage(trial.db.sqlite, SOURCE, asked, when).edges).toEqual([span]);
      }
    });

    test('does not show all invocations after an outage of forty days either: an edge then begins at the new cutoff', async () => {
      const trial = await startTrial({ ...ROLLING, filterTime });
      await trial.pass();
      trial.simulator.clock.advance(40 * DAY_MS);
      await trial.pass();
      const edge = begin + 10 * DAY_MS;
      const missing = requestedIn(ROLLING, edge, begin + 40 * DAY_MS).filter((one) => !isKept(trial.db, one));
      expect(missing.length).toBeGreaterThan(5);
      const { spreadMs, edges } = judged(trial);
      expect(edges.map(({ from }) => from)).toEqual([isoFromMs(cutoff), isoFromMs(edge)]);
      for (const { requestedMs } of missing) expect(judged(trial, requestedMs, requestedMs + 1).isComplete).toBe(false);
      expect(judged(trial, edge + spreadMs, begin + 39 * DAY_MS)).toMatchObject({ gaps: [], edges: [] });
    });
  },
);

describe('the edge of what is covered', () => {
  test('is 48 hours long, or as long as the longest spread of a command that was seen; its cause names the length', async () => {
    const quiet = await startTrial({ rollingShare: 0 });
    await quiet.pass();
    expect(judged(quiet)).toMatchObject({
      spreadMs: 48 * HOUR_MS,
      edges: [{ cause: expect.stringContaining('more than 48 hours after its command') }],
    });
    const rolling = await startTrial(ROLLING);
    await rolling.pass();
    const seen = requestedIn(ROLLING, cutoff, begin).filter((one) => one.sentMs >= cutoff);
    const longest = Math.max(...seen.map((one) => one.requestedMs - one.sentMs));
    expect(longest).toBeGreaterThan(48 * HOUR_MS);
    expect(judged(rolling).spreadMs).toBe(longest);
  });

  test('is as long as SSM_ARCHIVE_SPREAD_MS says, from the next pass on, for all processes that read the archive', async () => {
    const trial = await startTrial({ rollingShare: 0 });
    await trial.pass({ config: { spreadMs: 5 * DAY_MS } });
    expect(judged(trial).edges).toMatchObject([{ to: isoFromMs(cutoff + 5 * DAY_MS) }]);
    expect(trial.db.sqlite.prepare("SELECT to_at, spread_ms FROM coverage_states WHERE state = 'edge'").all()).toEqual([
      { to_at: isoFromMs(cutoff + 5 * DAY_MS), spread_ms: 5 * DAY_MS },
    ]);
    await trial.pass({ config: { spreadMs: HOUR_MS } });
    expect(judged(trial).edges).toMatchObject([{ to: isoFromMs(cutoff + HOUR_MS) }]);
  });

  test('makes only spans that touch it incomplete; the whole archive counts as complete from the end of the edge on', async () => {
    const trial = await startTrial({ rollingShare: 0 });
    await trial.pass();
    const end = cutoff + 48 * HOUR_MS;
    expect(judged(trial)).toMatchObject({ isComplete: true, span: { from: isoFromMs(end) } });
    expect(judged(trial, end, begin - HOUR_MS)).toMatchObject({ isComplete: true, edges: [] });
    expect(judged(trial, end - 1, begin - HOUR_MS).isComplete).toBe(false);
    expect(judged(trial, cutoff).isComplete).toBe(false);
    expect(judged(trial, cutoff - DAY_MS, cutoff)).toMatchObject({ isComplete: false, edges: [], gaps: [{}] });
  });

  test('stays where it was while passes go on, and an outage of ten minutes does not make another edge', async () => {
    const trial = await startTrial({ rollingShare: 0 });
    await trial.pass();
    trial.simulator.clock.advance(10 * MINUTE_MS);
    await trial.pass();
    trial.simulator.clock.advance(20 * DAY_MS);
    await trial.pass();
    expect(judged(trial).edges.map(({ from }) => from)).toEqual([isoFromMs(cutoff)]);
    expect(judged(trial).isComplete).toBe(true);
  });

  test('also follows a gap, and vanishes with the gap', async () => {
    const trial = await startTrial({ rollingShare: 0 });
    const gap = { from: begin - 20 * DAY_MS, to: begin - 19 * DAY_MS };
    await trial.pass({ only: { from: begin - 25 * DAY_MS, to: gap.from } });
    await trial.pass({ only: { from: gap.to, to: begin - 10 * DAY_MS } });
    expect(judged(trial, gap.to, gap.to + HOUR_MS)).toMatchObject({
      ...{ isComplete: false, gaps: [], edges: [{ from: isoFromMs(gap.to) }] },
    });
    await trial.pass({ only: gap });
    expect(judged(trial, gap.to, gap.to + HOUR_MS)).toMatchObject({ isComplete: true, edges: [] });
  });
});
