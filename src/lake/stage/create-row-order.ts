import type { LakeColumn, LakeRow, LakeTable } from '../tables/lake-table.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** The order of the rows in a table's files. */
export interface RowOrder {
  compare(row: LakeRow, other: LakeRow): number;
  /** The row with nothing but the columns by which it is sorted, in their places. */
  keyOf(row: LakeRow): LakeRow;
}

export function createRowOrder(table: LakeTable, columns: readonly LakeColumn[]): RowOrder {
  const places = table.order.map((name) => columns.findIndex((column) => column.name === name));
  const isKey = columns.map((_, place) => places.includes(place));
  return {
    compare(row, other) {
      for (const place of places) {
        const [a, b] = [row[place], other[place]];
        if (a === b) continue;
        if (typeof a === 'number' && typeof b === 'number') return a - b;
        return compareTexts(String(a), String(b));
      }
      return 0;
    },
    keyOf: (row) => row.map((value, place) => (isKey[place] ? value : null)),
  };
}

/** Compares two texts by the bytes of their UTF-8, as SQLite and DuckDB do. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  // JavaScript compares UTF-16, which has another order only where there are characters beyond U+FFFF.
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
