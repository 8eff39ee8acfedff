import type { AskedParameter } from '../archive/seen/find-unseen-parameters.ts';
import { OPEN_FILTERS, type OpenFilter } from '../archive/seen/open-filter.ts';
import type { Report } from '../questions/report.ts';

/** The values of a report's parameters that belong to filters of an open vocabulary. `values` are as they are bound. */
export function askedParameters({ parameters }: Report, values: Readonly<Record<string, unknown>>): AskedParameter[] {
  return parameters.flatMap(({ name, filter }) => {
    const value = values[name];
    if (filter === undefined || !isOpen(filter) || typeof value !== 'string' || value === '') return [];
    return [{ parameter: name, filter, value }];
  });
}

function isOpen(filter: string): filter is OpenFilter {
  return OPEN_FILTERS.some((open) => open === filter);
}
