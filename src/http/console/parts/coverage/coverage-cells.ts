import type { PlaceCoverage } from '../../../../archive/coverage/read-coverage.ts';
import { DAY_MS, isoFromMs } from '../../../../lib/time.ts';
import { uncoveredSpans } from '../../../../model/coverage/spans.ts';
import { type Bucket, bucketsBy } from '../range/buckets.ts';
import type { Range } from '../range/read-range.ts';

/** The part of one day that is inside the span. If the span is long, the part of one month. Times are in ISO form. */
export interface CoverageCell {
  /** The day, such as `2026-03-01`, or the month, such as `2026-03`. */
  name: string;
  from: string;
  to: string;
}

export type CellState = 'complete' | 'edge' | 'partial' | 'gap' | 'open';

/** People could not make out more days than this, so a longer span is shown in months. */
const MOST_DAYS = 400;

export function cellsOf({ fromMs, beforeMs }: Pick<Range, 'fromMs' | 'beforeMs'>): CoverageCell[] {
  const size = beforeMs - fromMs > MOST_DAYS * DAY_MS ? 'month' : 'day';
  return bucketsBy(size, fromMs, beforeMs).map(({ key, from, before }: Bucket) => ({
    name: key,
    from: isoFromMs(Math.max(fromMs, Date.parse(from))),
    to: isoFromMs(Math.min(beforeMs, Date.parse(before))),
  }));
}

/** How much of the day or month is collected. Time before the first pass counts as not collected. */
export function stateOfCell(
  { covered, edges }: Pick<PlaceCoverage, 'covered' | 'edges'>,
  cell: CoverageCell,
  settledAt: string,
): CellState {
  const [from, to] = [Date.parse(cell.from), Date.parse(cell.to)];
  const missingOf = (spans: readonly { from: string; to: string }[]) =>
    uncoveredSpans(
      { from, to },
      spans.map((span) => ({ from: Date.parse(span.from), to: Date.parse(span.to) })),
    );
  if (missingOf(covered).length === 0) return 'complete';
  const missing = missingOf([...covered, ...edges]);
  if (missing.length === 0) return 'edge';
  if (to > Date.parse(settledAt)) return 'open';
  const isNothing = missing.length === 1 && missing[0]?.from === from && missing[0].to === to;
  return isNothing ? 'gap' : 'partial';
}
