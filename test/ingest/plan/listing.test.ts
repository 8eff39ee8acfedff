import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halve, type Listing, newListing, requestOf } from '../../../src/ingest/plan/listing.ts';

const SPAN = { from: 1_772_357_400_000, to: 1_772_443_800_000 };

function listing(more: Partial<Listing> = {}): Listing {
  const what = { whole: 'w', operation: 'ListCommandInvocations' as const, isStartOpen: false, isEndOpen: false };
  return { ...newListing({ ...what, span: SPAN }), ...more };
}

describe('a request', () => {
  it('is for one second more than its span at both ends, whether or not the service includes the bounds of a filter', () => {
    const moment = fc.integer({ min: SPAN.from, max: SPAN.from + 5000 });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 5000 }), (from, length) => {
        const { afterMs = Number.NaN, beforeMs = Number.NaN } = requestOf(
          listing({ span: { from, to: from + length } }),
        );
        // The times as they are sent: in whole seconds, rounded down.
        const [after, before] = [Math.floor(afterMs / 1000) * 1000, Math.floor(beforeMs / 1000) * 1000];
        // A service that compares whole seconds, and excludes the bounds, still shows the first and the last second.
        expect(after).toBeLessThan(Math.floor(from / 1000) * 1000);
        expect(before).toBeGreaterThan(Math.floor((from + length - 1) / 1000) * 1000);
        expect(from - after).toBeLessThanOrEqual(2000);
        expect(before - (from + length)).toBeLessThanOrEqual(2000);
      }),
    );
  });

  it('has no time filter at an open end', () => {
    expect(requestOf(listing({ isStartOpen: true }))).toEqual({ beforeMs: SPAN.to + 1999 });
    expect(requestOf(listing({ isEndOpen: true }))).toEqual({ afterMs: SPAN.from - 1000 });
  });

  it('names a command and a node if only these are listed', () => {
    const open = { isStartOpen: true, isEndOpen: true };
    expect(requestOf(listing({ ...open, commandId: 'c', instanceId: 'i' }))).toEqual({
      commandId: 'c',
      instanceId: 'i',
    });
  });
});

describe('the halves of a listing', () => {
  it('together cover the whole listing, meet at a whole second, and keep its open ends', () => {
    const halves = halve(listing({ isStartOpen: true, isEndOpen: true, commandId: 'c' }));
    expect(halves).toMatchObject([
      { span: { from: SPAN.from }, isStartOpen: true, isEndOpen: false, commandId: 'c' },
      { span: { to: SPAN.to }, isStartOpen: false, isEndOpen: true, commandId: 'c' },
    ]);
    const [first, second] = halves ?? [];
    expect(first?.span.to).toBe(second?.span.from);
    expect(Number(first?.span.to) % 1000).toBe(0);
  });

  it('belong to the same whole as the listing, may cover the same span, and have no failures', () => {
    const before = listing({ failures: 1, mayCover: SPAN });
    const parts = halve(before) ?? [];
    expect(parts).toHaveLength(2);
    for (const part of parts) expect(part).toMatchObject({ whole: 'w', mayCover: SPAN, failures: 0 });
    expect(before.failures).toBe(1);
  });

  it('can be cut again until no part can be cut, and the parts together make up the span', () => {
    const from = fc.integer({ min: SPAN.from, max: SPAN.from + 2000 });
    fc.assert(
      fc.property(from, fc.integer({ min: 1, max: 60_000 }), (start, length) => {
        const whole = listing({ span: { from: start, to: start + length } });
        const ended: Listing[] = [];
        const queue = [whole];
        for (let next = queue.shift(); next; next = queue.shift()) {
          const halves = halve(next);
          if (halves) queue.unshift(...halves);
          else ended.push(next);
        }
        expect(ended[0]?.span.from).toBe(start);
        expect(ended.at(-1)?.span.to).toBe(start + length);
        for (const [i, { span }] of ended.slice(1).entries()) expect(span.from).toBe(ended[i]?.span.to);
        expect(ended.every(({ span }) => span.to > span.from && span.to - span.from < 2000)).toBe(true);
      }),
    );
  });

  it('do not exist for a listing of one second or of one node', () => {
    expect(halve(listing({ span: { from: SPAN.from, to: SPAN.from + 1000 } }))).toBeUndefined();
    const node = listing({ instanceId: 'i' });
    expect(halve(node)).toBeUndefined();
  });
});
