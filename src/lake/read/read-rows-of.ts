import type { LakeRows, RowsOfTable } from '../restore/lake-rows.ts';
import type { DayFiles } from './day-files.ts';
import { fromFiles } from './from-files.ts';
import type { LakeSql } from './open-lake-sql.ts';

/** Reads all rows of a day that belong to some invocations, of these tables; without `tables`, of all. */
export async function readRowsOf(
  lake: LakeSql,
  days: readonly DayFiles[],
  ids: readonly number[],
  tables?: readonly string[],
): Promise<LakeRows> {
  const names = tables ?? [...new Set(days.flatMap(({ paths }) => Object.keys(paths)))];
  const found: Record<string, RowsOfTable> = {};
  for (const table of names) {
    const paths = days.flatMap(({ paths: ofDay }) => ofDay[table] ?? []);
    if (paths.length === 0 || ids.length === 0) continue;
    const column = table === 'invocations' ? 'id' : 'invocation_id';
    found[table] = await lake.all(`SELECT * FROM ${fromFiles(paths)} WHERE ${column} IN (${ids.join(', ')})`);
  }
  return found;
}
