import { describe, expect, it } from 'vitest';
import { coveredOf } from '../../../src/ingest/account/covered-of.ts';
import { DAY_MS, isoFromMs } from '../../../src/lib/time.ts';
import { formatCoverage } from '../../../src/model/coverage/coverage-statement.ts';

const at = (day: number) => Date.parse('2026-03-01T00:00:00.000Z') + day * DAY_MS;
const span = (from: number, to: number) => ({ from: at(from), to: at(to) });
const WHOLE = { gaps: [], edges: [], moreGaps: 0, forgottenCommands: 0, spreadMs: DAY_MS };
const covered = (...upstream: string[]) => coveredOf(span(0, 10), { cutoff: at(-20), spreadMs: 2 * DAY_MS }, upstream);

describe('the covered part of a span that was listed to its end', () => {
  it('is the part that the service itself still keeps', () => {
    expect(coveredOf(span(0, 10), { cutoff: at(4), spreadMs: DAY_MS }, [])).toEqual([span(4, 10)]);
  });

  it('excludes the gaps and the edges of an archive that was asked instead of AWS', () => {
    expect(covered(formatCoverage(WHOLE))).toEqual([span(0, 10)]);
    expect(covered(formatCoverage({ ...WHOLE, gaps: [span(2, 3)], edges: [span(3, 4)] }))).toEqual([
      span(0, 2),
      span(4, 10),
    ]);
    expect(covered(formatCoverage({ ...WHOLE, edges: [span(-1, 1)], untilMs: at(8) }))).toEqual([span(1, 8)]);
  });

  it('excludes a time after each gap, if the archive that was asked instead of AWS names no edges', () => {
    const older = `incomplete; gaps=${isoFromMs(at(2))}/${isoFromMs(at(3))}`;
    expect(covered(older)).toEqual([span(0, 2), span(5, 10)]);
    expect(covered('complete')).toEqual([span(0, 10)]);
  });

  it('is empty if a statement lacks what is needed, or has words that this version does not know', () => {
    expect(covered(formatCoverage({ ...WHOLE, forgottenCommands: 1 }))).toEqual([]);
    expect(covered(formatCoverage({ ...WHOLE, moreGaps: 1 }))).toEqual([]);
    expect(covered('incomplete; missing-sources=1')).toEqual([]);
    expect(covered(formatCoverage(WHOLE), 'nonsense')).toEqual([]);
  });
});
