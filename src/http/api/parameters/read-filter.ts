import { knownContext } from '../../../archive/values/known-context.ts';
import type { InvocationFilter } from '../../../questions/filters.ts';
import { readFilters, type TypedFilters } from '../../../questions/read-filters.ts';
import type { ApiDeps } from '../api-deps.ts';
import { InvalidRequest } from '../api-error.ts';

/**
 * Returns the filter that these parameters ask for. Throws InvalidRequest, which names each parameter that is wrong; and
 * NotInLake on a server over a lake alone, if only an archive can know what the filter finds.
 */
export function readFilter(
  typed: TypedFilters,
  { archive, now, configured, lakeAlone }: Pick<ApiDeps, 'archive' | 'now' | 'configured' | 'lakeAlone'>,
): InvocationFilter {
  const { filter, faults } = readFilters(typed, { now: now(), ...knownContext(archive, configured) });
  if (faults.length > 0) throw new InvalidRequest(faults.map(({ filter: field, message }) => ({ field, message })));
  lakeAlone?.refuseUnknown(filter);
  return filter;
}
