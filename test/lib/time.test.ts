import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isoFromMs, isoSeconds, sleep } from '../../src/lib/time.ts';

describe('a time as text', () => {
  it('has milliseconds and a Z, so that the order of text is the order of time', () => {
    const times = [-62_135_596_800_000, 0, 1, 999, 1_772_357_400_000, 253_402_300_799_999];
    const texts = times.map(isoFromMs);
    expect(texts.every((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text))).toBe(true);
    expect(texts.toSorted()).toEqual(texts);
  });

  it("is the text that JavaScript's Date makes, for any time that Date has", () => {
    const any = fc.oneof(
      fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
      fc.integer({ min: -1e12, max: 1e13 }),
      fc.constantFrom(-0, 0, -1, -0.5, 86_399_999.9, 86_400_000, -86_400_000, 8.64e15, -8.64e15),
    );
    fc.assert(
      fc.property(any, (ms) => {
        expect(isoFromMs(ms)).toBe(new Date(ms).toISOString());
      }),
      { numRuns: 2000 },
    );
    isoFromMs(8.64e15);
    for (const ms of [8.64e15 + 1, -8.64e15 - 1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => isoFromMs(ms)).toThrow(RangeError);
  });

  it('is in whole seconds, rounded down, in a filter for AWS', () => {
    expect(isoSeconds(1_772_357_400_999)).toBe('2026-03-01T09:30:00Z');
  });
});

describe('a wait', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lasts as long as was asked, and leaves no listener behind', async () => {
    const stopping = new AbortController();
    let isOver = false;
    const waiting = sleep(1000, stopping.signal).then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(isOver).toBe(true);
    expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
  });

  it('ends at once when the signal aborts, and leaves no timer behind', async () => {
    const stopping = new AbortController();
    const waiting = sleep(1e6, stopping.signal);
    stopping.abort();
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin if the signal has already aborted', async () => {
    await sleep(1e6, AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });
});
