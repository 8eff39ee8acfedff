import type { Column } from './column.ts';

/** Shares, averages and extremes, by their names: the sum of several of them is nothing. */
export function isShare({ name }: Pick<Column, 'name'>): boolean {
  return /(^|_)(percent|share|ratio|rate|average|avg|mean|median|p\d\d|max|min)(_|$)/i.test(name);
}
