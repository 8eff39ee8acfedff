import type { CoverageQuery } from './coverage-query.ts';

/**
 * Limits coverage to the span that was asked for, since nothing outside of it is an answer. Times are ISO 8601 with
 * milliseconds.
 */
export function withinSpan<Place extends { covered: readonly { from: string; to: string }[] }>(
  places: readonly Place[],
  { from, to }: Pick<CoverageQuery, 'from' | 'to'>,
): Place[] {
  const least = from === undefined ? undefined : new Date(from).toISOString();
  const most = to === undefined ? undefined : new Date(to).toISOString();
  return places.map((place) => ({
    ...place,
    covered: place.covered
      .map((span) => ({
        from: least !== undefined && span.from < least ? least : span.from,
        to: most !== undefined && span.to > most ? most : span.to,
      }))
      .filter((span) => span.from < span.to),
  }));
}
