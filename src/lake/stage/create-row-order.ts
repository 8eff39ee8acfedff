import type { ColumnGroup } from '../parquet/open-parquet.ts';
import type { LakeColumn, LakeTable } from '../tables/lake-table.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** Returns a function that says whether a row comes after all that it was asked about before, in the order of a table. */
export function createRowOrder(
  table: LakeTable,
  columns: readonly LakeColumn[],
): (group: ColumnGroup, row: number) => boolean {
  const places = table.order.map((name) => columns.findIndex((column) => column.name === name));
  let before: unknown[] | undefined;
  return (group, row) => {
    const key = places.map((place) => group.columns[place]?.[row]);
    const isAfter = !before || compareKeys(key, before) > 0;
    before = key;
    return isAfter;
  };
}

function compareKeys(key: readonly unknown[], other: readonly unknown[]): number {
  for (let n = 0; n < key.length; n++) {
    const [a, b] = [key[n], other[n]];
    if (a === b) continue;
    if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : 1;
    return compareTexts(String(a), String(b));
  }
  return 0;
}

/** Compares two texts by the bytes of their UTF-8, as SQLite and DuckDB do. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  // JavaScript compares UTF-16, which has another order only where there are characters beyond U+FFFF.
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
