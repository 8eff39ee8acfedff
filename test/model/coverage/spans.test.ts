import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSpans, type Span, sliceSpan, spansOverlap, uncoveredSpans } from '../../../src/model/coverage/spans.ts';

const END = 40;
const moment = fc.integer({ min: 0, max: END });
const span = fc.record({ from: moment, to: moment });
const spans = fc.array(span, { maxLength: 8 });

/** Returns the moments in a list of spans, one by one. */
function momentsOf(list: readonly Span[]): number[] {
  return Array.from({ length: END }, (_, at) => at).filter((at) => list.some(({ from, to }) => from <= at && at < to));
}

function expectApart(list: readonly Span[]): void {
  for (const [i, { from, to }] of list.entries()) {
    expect(from).toBeLessThan(to);
    const next = list[i + 1];
    if (next) expect(to).toBeLessThan(next.from);
  }
}

describe('spans', () => {
  it('contain the same moments after merging, are sorted, and do not touch each other', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const merged = mergeSpans(list);
        expect(momentsOf(merged)).toEqual(momentsOf(list));
        expectApart(merged);
      }),
    );
  });

  it('are not changed in place when they are merged', () => {
    const list = [
      { from: 5, to: 9 },
      { from: 0, to: 6 },
    ];
    const before = structuredClone(list);
    expect(mergeSpans(list)).toEqual([{ from: 0, to: 9 }]);
    expect(list).toEqual(before);
  });

  it('left uncovered by other spans contain exactly the moments that the others lack, in order of time', () => {
    fc.assert(
      fc.property(span, spans, (whole, covered) => {
        const gaps = uncoveredSpans(whole, covered);
        const known = new Set(momentsOf(covered));
        expect(momentsOf(gaps)).toEqual(momentsOf([whole]).filter((at) => !known.has(at)));
        expectApart(gaps);
      }),
    );
  });

  it('cut from one span cover the same moments, and each has at most the requested length', () => {
    fc.assert(
      fc.property(span, fc.integer({ min: 1, max: 15 }), (whole, size) => {
        const slices = sliceSpan(whole, size);
        expect(mergeSpans(slices)).toEqual(mergeSpans([whole]));
        expect(slices.every(({ from, to }) => to > from && to - from <= size)).toBe(true);
        expect(slices.length).toBe(Math.ceil(Math.max(0, whole.to - whole.from) / size));
      }),
    );
  });

  it('overlap if they share a moment, not if they only touch', () => {
    const overlap = (a: [number, number], b: [number, number]) =>
      spansOverlap({ from: a[0], to: a[1] }, { from: b[0], to: b[1] });
    expect(overlap([0, 5], [4, 9])).toBe(true);
    expect(overlap([0, 9], [3, 4])).toBe(true);
    expect(overlap([0, 5], [5, 9])).toBe(false);
    expect(overlap([5, 9], [0, 5])).toBe(false);
  });
});
