import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { openParquet } from '../parquet/open-parquet.ts';
import { columnsOf, type LakeRow, type LakeTable } from '../tables/lake-table.ts';
import { createLeafChecker } from './create-leaf-checker.ts';
import { createRowOrder } from './create-row-order.ts';
import { createRowsDigest } from './create-rows-digest.ts';
import type { StagedFile } from './stage-day.ts';

/** Reads a staged file again, by another implementation than the one that wrote it. Returns what is wrong with it. */
export async function checkFile(sqlite: Database, table: LakeTable, staged: StagedFile): Promise<string | undefined> {
  const file = await openParquet(await asyncBufferFromFile(staged.path));
  const columns = columnsOf(table, sqlite);
  if (JSON.stringify(file.columns) !== JSON.stringify(columns)) return 'it has other columns than the archive';
  if (file.rows !== staged.rows) return `it has ${file.rows} rows, and the archive ${staged.rows}`;
  const faultOfLeaf = createLeafChecker(sqlite, table, columns);
  const order = createRowOrder(table, columns);
  const digest = createRowsDigest();
  let number = 0;
  let before: LakeRow | undefined;
  for await (const row of file.read()) {
    number += 1;
    if (before && order.compare(row, before) <= 0) return `row ${number} is not in its place`;
    const fault = faultOfLeaf?.(row);
    if (fault !== undefined) return `row ${number}: ${fault}`;
    digest.add(JSON.stringify(row));
    before = row;
  }
  return digest.value() === staged.rowsDigest ? undefined : 'its rows are not those of the archive';
}
