import { FILTER_NAMES, FILTERS, type FilterName, type FilterValues, type InvocationFilter } from './filters.ts';
import type { ReadingContext } from './reading.ts';
import { noSpan } from './time/read-time.ts';

/** The typed values of each filter, by its name: one value, or several. */
export type TypedFilters = { readonly [Name in FilterName]?: string | readonly string[] | undefined };

export interface FilterFault {
  filter: FilterName;
  /** A sentence without its subject. The caller puts the name of the filter before it. */
  message: string;
}

export interface ReadFilters {
  /** The values that were understood. If there are faults, do not use this filter, because it would find too much. */
  filter: InvocationFilter;
  faults: FilterFault[];
}

/**
 * Reads filters, and checks them against each other. `nameOf` returns the name that a filter has for the caller, such
 * as a command-line option. Faults about two filters need these names.
 */
export function readFilters(
  typed: TypedFilters,
  context: ReadingContext,
  nameOf: (filter: FilterName) => string = (name) => name,
): ReadFilters {
  const values: Partial<FilterValues> = {};
  const faults: FilterFault[] = [];
  for (const name of FILTER_NAMES) {
    const given = typed[name];
    if (given === undefined) continue;
    const message = readInto(values, name, typeof given === 'string' ? [given] : given, context);
    if (message !== undefined) faults.push({ filter: name, message });
  }
  const { requestedAfter, requestedBefore } = values;
  if (requestedAfter !== undefined && requestedBefore !== undefined && requestedAfter >= requestedBefore)
    faults.push({
      filter: 'requestedBefore',
      message: noSpan(
        { name: nameOf('requestedAfter'), at: requestedAfter },
        { name: nameOf('requestedBefore'), at: requestedBefore },
      ),
    });
  return { filter: values, faults };
}

/** Adds the value of one filter to the others, or returns what is wrong with it. */
function readInto<Name extends FilterName>(
  values: Partial<FilterValues>,
  name: Name,
  typed: readonly string[],
  context: ReadingContext,
): string | undefined {
  const reading = FILTERS[name].read(typed, context);
  if ('fault' in reading) return reading.fault;
  values[name] = reading.value;
  return undefined;
}
