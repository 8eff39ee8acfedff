import { describe, expect, it } from 'vitest';
import { type Listing, newListing } from '../../../src/ingest/plan/listing.ts';
import { planAfter } from '../../../src/ingest/plan/plan-after.ts';

const SPAN = { from: 1_772_357_400_000, to: 1_772_443_800_000 };

function listing(more: Partial<Listing> = {}): Listing {
  const open = { isStartOpen: false, isEndOpen: false };
  return { ...newListing({ whole: 'w', operation: 'ListCommandInvocations', span: SPAN, ...open }), ...more };
}

/** Describes in short what follows a listing. */
function outcomeOf(of: Listing, kind: 'expired' | 'failed') {
  const { ended, next, last } = planAfter(of, { kind, sentence: 'It failed.' });
  expect(ended.listing).toBe(of);
  return { end: ended.end, sentence: ended.sentence, next, last };
}

describe('after a token expired,', () => {
  it('a listing is begun again at once, and later cut in halves, which come next', () => {
    expect(outcomeOf(listing(), 'expired')).toMatchObject({
      end: 'again',
      next: [{ span: SPAN, expiries: 1 }],
      last: [],
    });
    const { end, next } = outcomeOf(listing({ expiries: 1 }), 'expired');
    expect(end).toBe('cut');
    expect(next.map(({ span, expiries }) => [span.to - span.from, expiries])).toEqual([
      [43_200_000, 1],
      [43_200_000, 1],
    ]);
  });

  it.each([
    [
      'a second',
      { span: { from: SPAN.from, to: SPAN.from + 1000 } },
      '2026-03-01T09:30:00.000Z to 2026-03-01T09:30:01.000Z',
    ],
    ['a node', { commandId: 'c', instanceId: 'i' }, 'command c on i'],
    ['a second of a command', { commandId: 'c', span: { from: SPAN.from, to: SPAN.from + 1000 } }, 'command c'],
  ])(
    'a listing that cannot be cut, because it is %s, is begun again three times and then given up',
    (_what, more, name) => {
      for (const expiries of [0, 1, 2])
        expect(outcomeOf(listing({ ...more, expiries }), 'expired')).toMatchObject({ end: 'again', last: [] });
      expect(outcomeOf(listing({ ...more, expiries: 3 }), 'expired')).toEqual({
        end: 'failed',
        sentence: `It failed. Listing ${name} takes longer than a token lives.`,
        next: [],
        last: [],
      });
    },
  );
});

describe('after another failure,', () => {
  it('a listing is tried once more after everything else, and then given up with a message', () => {
    expect(outcomeOf(listing(), 'failed')).toMatchObject({
      end: 'again',
      next: [],
      last: [{ span: SPAN, failures: 1 }],
    });
    expect(outcomeOf(listing({ failures: 1 }), 'failed')).toEqual({
      end: 'failed',
      sentence: 'It failed.',
      next: [],
      last: [],
    });
  });
});
