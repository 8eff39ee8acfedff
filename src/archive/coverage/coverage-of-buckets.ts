import type { Database } from 'better-sqlite3';
import { type Span, spansOverlap } from '../../model/coverage/spans.ts';
import { judgeSpan, type SpanQuestion } from './coverage-of-span.ts';
import { OVERDUE_MS } from './coverage-times.ts';

/**
 * `partly`: a part of the bucket's time, or an account and region, was not collected. `open`: the bucket's time is not
 * over yet, and nothing is missing so far.
 */
export type BucketCoverage = 'collected' | 'partly' | 'notCollected' | 'open';

/**
 * For a chart: what is collected in each part of a span, over all accounts and regions that are asked for. `ends` are
 * the borders of the parts in epoch milliseconds: part n goes from `ends[n]` to `ends[n + 1]`.
 */
export function coverageOfBuckets(
  sqlite: Database,
  { ends, ...question }: SpanQuestion & { ends: readonly number[] },
): BucketCoverage[] {
  const { places, missing } = judgeSpan(sqlite, question);
  const gaps: Span[] = [
    ...places.flatMap((place) => place.gaps.filter(({ isOpen }) => !isOpen)),
    ...missing.flatMap((of) => of.gaps.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))),
  ];
  const listed = places.flatMap((place) => place.listed);
  const settled = question.nowMs - question.settlingMs;
  return ends.slice(1).map((end, n): BucketCoverage => {
    const bucket = {
      from: Math.max(ends[n] ?? end, question.from ?? Number.NEGATIVE_INFINITY),
      to: Math.min(end, question.to ?? Number.POSITIVE_INFINITY),
    };
    const isListed = listed.some((span) => spansOverlap(span, bucket));
    if (gaps.some((gap) => spansOverlap(gap, bucket))) return isListed ? 'partly' : 'notCollected';
    // If nothing is owed there is no gap, but nothing was collected either. The last hour does not count as missing:
    // the next pass lists it.
    if (!isListed && bucket.from < settled - OVERDUE_MS) return 'notCollected';
    return bucket.to > settled ? 'open' : 'collected';
  });
}
