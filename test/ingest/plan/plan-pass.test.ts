import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../../src/ingest/plan/listing.ts';
import { coverableSpan, executingListing, type PassTimes, planSlices } from '../../../src/ingest/plan/plan-pass.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts';
import { RETENTION_MS } from '../../../src/model/coverage/retention.ts';
import { mergeSpans, uncoveredSpans } from '../../../src/model/coverage/spans.ts';

const NOW = Date.parse('2026-03-31T12:00:00.000Z');
const TIMES: PassTimes = {
  earliestNowMs: NOW,
  latestNowMs: NOW,
  settlingMs: 15 * MINUTE_MS,
  overlapMs: 15 * MINUTE_MS,
};
const COVERABLE = coverableSpan(TIMES);
const RECENT_FROM = COVERABLE.to - TIMES.overlapMs;

const spansOf = (slices: ReturnType<typeof planSlices>) => slices.map(({ span }) => span);

describe('the span that a pass may call covered', () => {
  it("begins where the service's thirty days begin, and ends at the pass's start minus the settling time", () => {
    expect(COVERABLE).toEqual({ from: NOW - 30 * DAY_MS, to: NOW - 15 * MINUTE_MS });
  });

  it('is the part on which both clocks agree if they differ', () => {
    const skewed = { ...TIMES, earliestNowMs: NOW - 5 * MINUTE_MS, latestNowMs: NOW + 5 * MINUTE_MS };
    expect(coverableSpan(skewed)).toEqual({
      from: NOW + 5 * MINUTE_MS - RETENTION_MS,
      to: NOW - 5 * MINUTE_MS - 15 * MINUTE_MS,
    });
  });
});

describe('the slices of a pass', () => {
  it('are the last thirty days for a new archive, oldest first, and after them the recent span', () => {
    const slices = planSlices(TIMES, []);
    expect(slices).toHaveLength(31);
    expect(slices[0]?.span).toEqual({ from: COVERABLE.from, to: COVERABLE.from + DAY_MS });
    expect(slices.at(-1)?.span).toEqual({ from: RECENT_FROM, to: NOW });
    const starts = spansOf(slices).map(({ from }) => from);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('are a single slice for a quiet account that is covered', () => {
    const slices = planSlices(TIMES, [COVERABLE]);
    expect(spansOf(slices)).toEqual([{ from: RECENT_FROM, to: NOW }]);
  });

  it('are still a single slice five minutes after the last pass: the new part is in the slice of the recent span', () => {
    const later = { ...TIMES, earliestNowMs: NOW + 5 * MINUTE_MS, latestNowMs: NOW + 5 * MINUTE_MS };
    expect(planSlices(later, [COVERABLE])).toHaveLength(1);
    const muchLater = { ...TIMES, earliestNowMs: NOW + HOUR_MS, latestNowMs: NOW + HOUR_MS };
    const [only, ...others] = planSlices(muchLater, [COVERABLE]);
    expect(others).toEqual([]);
    expect(only?.span).toEqual({ from: COVERABLE.to, to: NOW + HOUR_MS });
  });

  it('begin at the oldest time that the service still keeps, if the collector has slept for long', () => {
    const covered = [{ from: NOW - 90 * DAY_MS, to: NOW - 40 * DAY_MS }];
    expect(planSlices(TIMES, covered)[0]?.span.from).toBe(COVERABLE.from);
    expect(planSlices(TIMES, covered)).toHaveLength(31);
  });

  it('contain everything that is not covered and all of the recent span, and each except the last is at most a day long', () => {
    const hour = fc.integer({ min: -24, max: 31 * 24 }).map((h) => COVERABLE.from + h * HOUR_MS);
    const spans = fc.array(fc.record({ from: hour, to: hour }), { maxLength: 6 });
    fc.assert(
      fc.property(spans, (covered) => {
        const slices = planSlices(TIMES, covered);
        const due = [
          ...uncoveredSpans({ from: COVERABLE.from, to: RECENT_FROM }, covered),
          { from: RECENT_FROM, to: NOW },
        ];
        expect(mergeSpans(spansOf(slices))).toEqual(mergeSpans(due));
        expect(slices.slice(0, -1).every(({ span }) => span.to - span.from <= DAY_MS)).toBe(true);
        // No moment is in two slices.
        const total = spansOf(slices).reduce((sum, { from, to }) => sum + to - from, 0);
        expect(total).toBe(mergeSpans(due).reduce((sum, { from, to }) => sum + to - from, 0));
      }),
    );
  });

  it('are open to the past only if they begin at the cutoff, and to the future only if they end now', () => {
    const slices = planSlices(TIMES, []);
    expect(slices.map(({ isStartOpen }) => isStartOpen)).toEqual([true, ...Array(30).fill(false)]);
    expect(slices.map(({ isEndOpen }) => isEndOpen)).toEqual([...Array(30).fill(false), true]);
    const [first] = slices;
    const last = slices.at(-1);
    expect(first && requestOf(first)).not.toHaveProperty('afterMs');
    expect(last && requestOf(last)).not.toHaveProperty('beforeMs');
  });

  it('make up exactly the span that is asked for, with both ends closed, covered or not', () => {
    const only = { from: NOW - 50 * HOUR_MS, to: NOW - HOUR_MS };
    const slices = planSlices(TIMES, [COVERABLE], only);
    expect(mergeSpans(spansOf(slices))).toEqual([only]);
    expect(slices).toHaveLength(3);
    expect(slices.every(({ isStartOpen, isEndOpen }) => !isStartOpen && !isEndOpen)).toBe(true);
  });
});

it('the commands that execute are asked for without a limit on when they were sent', () => {
  expect(requestOf(executingListing(TIMES))).toEqual({ executionStage: 'Executing' });
});
