import type { AskedParameter } from '../archive/values/find-unseen-parameters.ts';
import { isOpenFilter } from '../archive/values/open-values.ts';
import type { Report } from '../questions/reports/report.ts';

/**
 * Returns the values of those parameters of a report whose filter has no fixed list of values, such as a node. `values`
 * are as they are bound.
 */
export function askedParameters({ parameters }: Report, values: Readonly<Record<string, unknown>>): AskedParameter[] {
  return parameters.flatMap(({ name, filter }) => {
    const value = values[name];
    if (filter === undefined || !isOpenFilter(filter) || typeof value !== 'string' || value === '') return [];
    return [{ parameter: name, filter, value }];
  });
}
