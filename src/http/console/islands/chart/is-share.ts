import type { Column } from './column.ts';

/** Whether a column has shares, averages or extremes, judged by its name. The sum of such values means nothing. */
export function isShare({ name }: Pick<Column, 'name'>): boolean {
  return /(^|_)(percent|share|ratio|rate|average|avg|mean|median|p\d\d|max|min)(_|$)/i.test(name);
}
