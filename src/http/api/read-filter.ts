import type { InvocationFilter } from '../../questions/filters.ts';
import { readFilters, type TypedFilters } from '../../questions/read-filters.ts';
import { InvalidRequest } from './api-error.ts';

/** The filter that these parameters ask for. Throws InvalidRequest, which names each that is wrong. */
export function readFilter(typed: TypedFilters, now: Date): InvocationFilter {
  const { filter, faults } = readFilters(typed, { now });
  if (faults.length > 0) throw new InvalidRequest(faults.map(({ filter: field, message }) => ({ field, message })));
  return filter;
}
