import type { LakeColumn } from '../tables/lake-table.ts';

/** Returns a line for each column, all but the last with a comma. */
export function columnLines(columns: readonly LakeColumn[], textOf: (column: LakeColumn) => string): string[] {
  return columns.map((column, n) => `  ${textOf(column)}${n < columns.length - 1 ? ',' : ''}`);
}
