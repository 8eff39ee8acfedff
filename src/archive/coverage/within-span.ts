import { isoFromMs } from '../../lib/time.ts';
import { spansWithin } from '../../model/coverage/spans.ts';
import type { CoverageQuery } from './coverage-query.ts';

/**
 * Limits coverage to the span that was asked for, because the question was not about anything outside of it. Times are
 * ISO 8601 with milliseconds.
 */
export function withinSpan<Place extends { covered: readonly { from: string; to: string }[] }>(
  places: readonly Place[],
  { from, to }: Pick<CoverageQuery, 'from' | 'to'>,
): Place[] {
  const whole = {
    from: from === undefined ? Number.NEGATIVE_INFINITY : from,
    to: to === undefined ? Number.POSITIVE_INFINITY : to,
  };
  return places.map((place) => ({
    ...place,
    covered: spansWithin(
      whole,
      place.covered.map((span) => ({ from: Date.parse(span.from), to: Date.parse(span.to) })),
    ).map((span) => ({ from: isoFromMs(span.from), to: isoFromMs(span.to) })),
  }));
}
