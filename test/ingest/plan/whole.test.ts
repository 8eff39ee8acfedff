import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halve, type Listing, newListing } from '../../../src/ingest/plan/listing.ts';
import type { EndedListing, RecordedReply } from '../../../src/ingest/plan/listing-event.ts';
import { followWholes, isListed, type Whole } from '../../../src/ingest/plan/whole.ts';

const SPAN = { from: 1_772_357_400_000, to: 1_772_443_800_000 };

function listing(whole = 'w', more: Partial<Listing> = {}): Listing {
  const what = { whole, operation: 'ListCommandInvocations' as const, span: SPAN, isStartOpen: true, isEndOpen: true };
  return { ...newListing(what), ...more };
}

function ended(of: Listing, end: EndedListing['end']): EndedListing {
  return { kind: 'ended', listing: of, end };
}

function recorded(of: Listing, seen: number): RecordedReply {
  const tally = { seen, added: 0, changed: 0, changedFinal: 0 };
  return { kind: 'recorded', listing: of, invocations: [], commands: [], tally };
}

/** Returns the state of a whole with one listing, after the listing's parts ended like this. */
function after(...ends: EndedListing['end'][]): Whole | undefined {
  const one = listing();
  const wholeAfter = followWholes([one]);
  return ends.map((end) => wholeAfter(ended(one, end))).at(-1);
}

describe('the state of a whole, which is one or more listings that count together,', () => {
  it.each<[EndedListing['end'][], boolean]>([
    [['complete'], true],
    [['again', 'complete'], true],
    [['cut', 'complete', 'complete'], true],
    [['cut', 'cut', 'complete', 'complete', 'complete'], true],
    [['again'], false],
    [['cut', 'complete'], false],
    [['failed'], false],
    [['bounded'], false],
    [['cut', 'failed', 'complete'], false],
    [['cut', 'complete', 'failed'], false],
  ])('is listed or not, depending on how the parts of its listing ended: %j', (ends, expected) => {
    const whole = after(...ends);
    expect(whole && isListed(whole)).toBe(expected);
  });

  it('counts the rows of all replies, including those of parts that failed', () => {
    const one = listing();
    const wholeAfter = followWholes([one]);
    wholeAfter(recorded(one, 3));
    wholeAfter(ended(one, 'again'));
    expect(wholeAfter(recorded({ ...one, expiries: 1 }, 4)).rowsSeen).toBe(7);
  });

  it('is "listed" once the last of its listings is listed, and "not listed" if any of them failed', () => {
    const [first, second] = [listing('c', { instanceId: 'i-1' }), listing('c', { instanceId: 'i-2' })];
    const wholeAfter = followWholes([first, second]);
    expect(isListed(wholeAfter(ended(first, 'complete')))).toBe(false);
    expect(isListed(wholeAfter(ended(second, 'complete')))).toBe(true);
    const failing = followWholes([first, second]);
    failing(ended(first, 'failed'));
    expect(isListed(failing(ended(second, 'complete')))).toBe(false);
  });

  it('does not depend on other wholes', () => {
    const [one, other] = [listing('a'), listing('b')];
    const wholeAfter = followWholes([one, other]);
    wholeAfter(ended(one, 'failed'));
    expect(isListed(wholeAfter(ended(other, 'complete')))).toBe(true);
  });

  it('is "listed" once the last part is listed, however often its listing was cut', () => {
    const from = fc.integer({ min: SPAN.from, max: SPAN.from + 2000 });
    fc.assert(
      fc.property(from, fc.integer({ min: 1, max: 60_000 }), (start, length) => {
        const whole = listing('w', { span: { from: start, to: start + length } });
        const wholeAfter = followWholes([whole]);
        const queue = [whole];
        const told: boolean[] = [];
        for (let next = queue.shift(); next; next = queue.shift()) {
          const halves = halve(next);
          if (halves) queue.unshift(...halves);
          told.push(isListed(wholeAfter(ended(next, halves ? 'cut' : 'complete'))));
        }
        expect(told.pop()).toBe(true);
        expect(told).not.toContain(true);
      }),
    );
  });
});
