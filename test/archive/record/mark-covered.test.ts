import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listCovered, markCovered } from '../../../src/archive/record/mark-covered.ts';
import { MINUTE_MS } from '../../../src/lib/time.ts';
import type { Span } from '../../../src/model/coverage/spans.ts';
import { rowsOf, tempArchive, writesOf } from '../../db/temp-archive.ts';
import { SOURCE } from '../raw-invocation.ts';

const START = Date.parse('2026-03-01T00:00:00.000Z');
const MINUTES = 90;

function minutes(from: number, to: number): Span {
  return { from: START + from * MINUTE_MS, to: START + to * MINUTE_MS };
}

describe('coverage', () => {
  it('is the union of all marked spans, stored in order as the fewest possible spans', () => {
    const db = tempArchive();
    let account = 0;
    const minute = fc.integer({ min: 0, max: MINUTES });
    fc.assert(
      fc.property(fc.array(fc.tuple(minute, minute), { maxLength: 12 }), (spans) => {
        account += 1;
        const source = { accountId: String(account), region: 'eu-west-1' };
        const bitmap = new Array<boolean>(MINUTES + 1).fill(false);
        for (const [from, to] of spans) {
          markCovered(db.sqlite, source, minutes(from, to));
          if (from < to) bitmap.fill(true, from, to);
        }
        const expected: Span[] = [];
        for (let from = bitmap.indexOf(true); from >= 0; ) {
          const to = bitmap.indexOf(false, from);
          expected.push(minutes(from, to));
          from = bitmap.indexOf(true, to);
        }
        expect(listCovered(db.sqlite, source)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps each account and region apart', () => {
    const db = tempArchive();
    markCovered(db.sqlite, SOURCE, minutes(0, 10));
    markCovered(db.sqlite, { ...SOURCE, region: 'us-east-1' }, minutes(5, 15));
    markCovered(db.sqlite, { ...SOURCE, accountId: '999999999999' }, minutes(10, 20));
    expect(listCovered(db.sqlite, SOURCE)).toEqual([minutes(0, 10)]);
    expect(rowsOf(db, 'coverage')).toHaveLength(3);
  });

  it('is stored as ISO text with milliseconds', () => {
    const db = tempArchive();
    markCovered(db.sqlite, SOURCE, { from: START + 1, to: START + 999 });
    expect(rowsOf(db, 'coverage')).toEqual([
      {
        account_id: SOURCE.accountId,
        region: SOURCE.region,
        from_at: '2026-03-01T00:00:00.001Z',
        to_at: '2026-03-01T00:00:00.999Z',
      },
    ]);
  });

  it('is not written again for a span that is empty or already covered', () => {
    const db = tempArchive();
    markCovered(db.sqlite, SOURCE, minutes(0, 30));
    const writes = writesOf(db);
    markCovered(db.sqlite, SOURCE, minutes(10, 20));
    markCovered(db.sqlite, SOURCE, minutes(40, 40));
    expect(writesOf(db)).toBe(writes);
    expect(listCovered(db.sqlite, SOURCE)).toEqual([minutes(0, 30)]);
  });
});
