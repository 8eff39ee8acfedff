import { describe, expect, it } from 'vitest';
import { DAY_MS, isoFromMs } from '../../../src/lib/time.ts';
import {
  type CoverageStatement,
  formatCoverage,
  parseCoverage,
} from '../../../src/model/coverage/coverage-statement.ts';

const at = (day: number) => Date.parse('2026-03-01T00:00:00.000Z') + day * DAY_MS;
const span = (from: number, to: number) => ({ from: at(from), to: at(to) });
const text = (from: number, to: number) => `${isoFromMs(at(from))}/${isoFromMs(at(to))}`;
const WHOLE: CoverageStatement = { gaps: [], edges: [], moreGaps: 0, forgottenCommands: 0, spreadMs: 2 * DAY_MS };

/** Reads a header in the way of versions that do not know edges. */
function readByOlder(header: string): { gaps: number[][] } {
  const [, gaps = ''] = /gaps=([^;]*)/.exec(header) ?? [];
  return { gaps: gaps.split(',').map((gap) => gap.split('/').map((time) => Date.parse(time))) };
}

describe('the statement of an archive’s coverage', () => {
  it.each<[string, CoverageStatement, string]>([
    ['complete coverage', WHOLE, 'complete; spread-ms=172800000'],
    [
      'an edge',
      { ...WHOLE, edges: [span(1, 3)] },
      `incomplete; gaps=${text(1, 3)}; edges=${text(1, 3)}; spread-ms=172800000`,
    ],
    [
      'a gap and the edge after it',
      { ...WHOLE, gaps: [span(0, 1)], edges: [span(1, 3)], untilMs: at(9) },
      `incomplete; gaps=${text(0, 3)}; edges=${text(1, 3)}; spread-ms=172800000; until=${isoFromMs(at(9))}`,
    ],
    [
      'commands that were forgotten',
      { ...WHOLE, forgottenCommands: 2 },
      'incomplete; forgotten-commands=2; spread-ms=172800000',
    ],
  ])('has the same meaning when it is read back: %s', (_, statement, header) => {
    expect(formatCoverage(statement)).toBe(header);
    expect(parseCoverage(header)).toEqual(statement);
  });

  it('names at most twenty spans, and counts the others, including edges', () => {
    const edges = Array.from({ length: 30 }, (_, n) => span(2 * n, 2 * n + 1));
    const statement = parseCoverage(formatCoverage({ ...WHOLE, edges }));
    expect(statement).toEqual({ ...WHOLE, edges: edges.slice(0, 20), moreGaps: 10 });
  });

  it('lists its edges among its gaps, so that an older archive does not treat them as covered', () => {
    expect(readByOlder(formatCoverage({ ...WHOLE, edges: [span(1, 3)] })).gaps).toEqual([[at(1), at(3)]]);
  });

  it('can be read if an older archive sent it, without edges and spread', () => {
    expect(parseCoverage('complete')).toEqual({ gaps: [], edges: [], moreGaps: 0, forgottenCommands: 0 });
    expect(parseCoverage(`incomplete; gaps=${text(1, 2)}; more-gaps=3`)).toEqual({
      ...{ gaps: [span(1, 2)], edges: [], moreGaps: 3, forgottenCommands: 0 },
    });
  });

  it('is not believed if a newer archive says "incomplete" with unknown members', () => {
    expect(parseCoverage('incomplete')).toBeUndefined();
    expect(parseCoverage('incomplete; doubts=1')).toBeUndefined();
    expect(parseCoverage(`incomplete; gaps=${text(1, 2)}; doubts=1`)).toBeUndefined();
    // A newer archive's "complete" is believed, with any other members.
    expect(parseCoverage('complete; seen=all; spread-ms=1')).toEqual({ ...WHOLE, spreadMs: 1 });
  });

  it.each([
    '',
    'done',
    'Complete',
    'incomplete; gaps=a/b',
    'incomplete; edges=2026-03-01T00:00:00.000Z',
    'complete; spread-ms=',
    'complete; until=x',
    'incomplete; more-gaps=NaN',
  ])('is not believed if it can’t be read: "%s"', (header) => {
    expect(parseCoverage(header)).toBeUndefined();
  });
});
