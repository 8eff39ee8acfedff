import type { SealedPart } from '../../archive/sealed/sealed-days.ts';
import type { DayFiles } from '../files/day-files.ts';
import type { LakeRows, RowsOfTable } from '../restore/lake-rows.ts';
import { createValueReader } from '../restore/lake-rows.ts';
import { fromFiles } from './from-files.ts';
import type { LakeSql } from './open-lake-sql.ts';

export interface PartsQuery {
  days: readonly DayFiles[];
  invocations: RowsOfTable;
  parts: readonly SealedPart[];
  /** Conditions that all of the rows meet, on columns which all tables have: they let DuckDB skip what it need not read. */
  conditions: readonly string[];
}

/** Returns the invocations with the rows of these tables that belong to them. */
export async function readParts(
  lake: LakeSql,
  { days, invocations, parts, conditions }: PartsQuery,
): Promise<LakeRows> {
  const found: Record<string, RowsOfTable> = { invocations };
  if (invocations.rows.length === 0) return found;
  const read = createValueReader(invocations.columns);
  const asked = new Set(invocations.rows.map((row) => String(read(row, 'requested_at')).slice(0, 10)));
  const ids = invocations.rows.map((row) => Number(read(row, 'id')));
  const where = [...conditions, `invocation_id IN (${ids.join(', ')})`].join(' AND ');
  for (const part of parts) {
    const paths = days.flatMap(({ day, paths: ofDay }) => (asked.has(day) ? (ofDay[part] ?? []) : []));
    if (paths.length > 0) found[part] = await lake.all(`SELECT * FROM ${fromFiles(paths)} WHERE ${where}`);
  }
  return found;
}
