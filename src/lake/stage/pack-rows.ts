import { randomBytes } from 'node:crypto';
import type { HotColumn, LakeColumn, LakeRow } from '../tables/lake-table.ts';

/**
 * A row on its way to DuckDB is one text: its values with a mark between them. A value of its own for each column costs
 * three times as much, in SQLite's driver and in DuckDB's.
 */
export interface Marks {
  /** Between two values of a row. */
  value: string;
  /** Between two rows. */
  row: string;
  /** Instead of NULL. */
  nothing: string;
}

const MARK_BYTES = 3;
const NOTHING_BYTES = 12;

/**
 * Returns marks that no text has, since nobody knows them before. If one had, its row would come apart, the file would
 * not be the rows, and the check would refuse it; the next seal has other marks.
 */
export function drawMarks(random: (size: number) => Buffer = randomBytes): Marks {
  const draw = (bytes: number) => random(bytes).toString('base64url');
  return { value: `\x1f${draw(MARK_BYTES)}`, row: `\x1e${draw(MARK_BYTES)}`, nothing: `\x1d${draw(NOTHING_BYTES)}` };
}

/** Returns SQL for SQLite that packs a row. */
export function packingSql(columns: readonly HotColumn[], { value, nothing }: Marks): string {
  return columns.map(({ sql }) => `coalesce(${sql}, '${nothing}')`).join(` || '${value}' || `);
}

/** Packs a row, as packingSql does. */
export function packRow(row: LakeRow, { value, nothing }: Marks): string {
  let packed = '';
  for (const [n, one] of row.entries()) packed += `${n === 0 ? '' : value}${one ?? nothing}`;
  return packed;
}

/** Packs rows one after another. */
export function* packRows(rows: Iterable<LakeRow>, marks: Marks): Generator<Buffer> {
  for (const row of rows) yield Buffer.from(packRow(row, marks));
}

/** Returns SQL for DuckDB that makes the columns of packed rows, each the column `packed` of a table. */
export function unpackingSql(columns: readonly LakeColumn[], { value, nothing }: Marks, table: string): string {
  const made = columns.map(({ name, type }, n) => {
    const text = `nullif(v[${n + 1}], '${nothing}')`;
    return `${type === 'BIGINT' ? `CAST(${text} AS BIGINT)` : text} AS "${name.replaceAll('"', '""')}"`;
  });
  return `SELECT ${made.join(', ')} FROM (SELECT string_split(packed, '${value}') AS v FROM ${table})`;
}
