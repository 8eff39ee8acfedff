import type { Column } from './column.ts';

/** Recognizes shares, averages and extremes by the column's name: a sum of several of them means nothing. */
export function isShare({ name }: Pick<Column, 'name'>): boolean {
  return /(^|_)(percent|share|ratio|rate|average|avg|mean|median|p\d\d|max|min)(_|$)/i.test(name);
}
