import { knownContext } from '../../../../archive/values/known-context.ts';
import { FILTER_NAMES, FILTERS, type FilterName, type InvocationFilter } from '../../../../questions/filters.ts';
import { readFilters } from '../../../../questions/read-filters.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import { type AskedFault, faultsOfNames, type TakenNames } from './asked-faults.ts';

/** What a view of invocations asks for: the typed values, the filter that they mean, and their faults. */
export interface View {
  typed: Partial<Record<FilterName, string>>;
  /** If there are faults, this filter must not be used: it would find more invocations than the person meant. */
  filter: InvocationFilter;
  faults: readonly AskedFault[];
}

/**
 * Reads filters from the parameters of an address, which have the API's names. `taken` has all parameters that the page
 * allows.
 */
export function readView(
  queries: Record<string, string[]>,
  { archive, now, configured }: Pick<ConsoleDeps, 'archive' | 'now' | 'configured'>,
  taken: TakenNames,
): View {
  const typed: View['typed'] = {};
  const given: Partial<Record<FilterName, string[]>> = {};
  for (const name of FILTER_NAMES) {
    // An empty form field is not a filter.
    const values = (queries[name] ?? []).filter((value) => value !== '').map((value) => value.trim());
    if (values.length === 0) continue;
    given[name] = values;
    typed[name] = values.join(',');
  }
  const { filter, faults } = readFilters(
    given,
    { now: now(), ...knownContext(archive, configured) },
    (name) => `“${FILTERS[name].label}”`,
  );
  const named = faults.map(({ filter: name, message }) => ({ parameter: name, label: FILTERS[name].label, message }));
  return { typed, filter, faults: [...named, ...faultsOfNames(queries, taken)] };
}

/** New values for the parameters of a link to a view; undefined removes a parameter. */
export type ViewChanges = Partial<Record<FilterName | 'cursor' | 'sort', string | undefined>>;

/** The path of the view with some fields changed; an undefined field is removed. */
export function pathOfView(typed: View['typed'], changes: ViewChanges = {}, columns: readonly string[] = []): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...typed, ...changes })) if (value) query.set(name, value);
  for (const column of columns) query.append('column', column);
  const asked = query.toString();
  return asked === '' ? '/invocations' : `/invocations?${asked}`;
}

/**
 * Whether an address can ask for this value. With a missing or blank value the list would have no such filter, and
 * would show everything.
 */
export function isNamed(value: string | null): value is string {
  return value !== null && value.trim() !== '';
}
