import type { LakeRow, LakeValue } from '../tables/lake-table.ts';

/** Rows of one table of the lake, with the names of their columns: files of an older schema lack some at the end. */
export interface RowsOfTable {
  columns: readonly string[];
  rows: readonly LakeRow[];
}

/** Rows by the name of their table of the lake. They are whole: each invocation comes with all rows that belong to it. */
export type LakeRows = Readonly<Record<string, RowsOfTable | undefined>>;

/** Returns a function that reads a value of a row by its column's name; null if the file lacks the column. */
export function createValueReader(columns: readonly string[]): (row: LakeRow, name: string) => LakeValue {
  const places = new Map(columns.map((name, n) => [name, n]));
  return (row, name) => {
    const place = places.get(name);
    return place === undefined ? null : (row[place] ?? null);
  };
}

/** Returns bytes that the lake has as hex. */
export function bytesOf(value: LakeValue): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value, 'hex') : null;
}
