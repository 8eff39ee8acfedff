import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { type ColumnGroup, openParquet, toValue } from '../parquet/open-parquet.ts';
import { columnsOf, type LakeTable } from '../tables/lake-table.ts';
import { createLeafChecker } from './create-leaf-checker.ts';
import { createRowOrder } from './create-row-order.ts';
import type { Marks } from './pack-rows.ts';
import type { StagedFile } from './stage-day.ts';

/** The digest gets so many characters of rows at once, or a few more. */
const CHARACTERS_AT_ONCE = 1_048_576;

/** Reads a staged file again, by another implementation than the one that wrote it. Returns what is wrong with it. */
export async function checkFile(sqlite: Database, table: LakeTable, staged: StagedFile): Promise<string | undefined> {
  const file = await openParquet(await asyncBufferFromFile(staged.path));
  const columns = columnsOf(table, sqlite);
  if (JSON.stringify(file.columns) !== JSON.stringify(columns)) return 'it has other columns than the archive';
  if (file.rows !== staged.rows) return `it has ${file.rows} rows, and the archive ${staged.rows}`;
  const faultOfLeaf = createLeafChecker(sqlite, table, columns);
  const isAfter = createRowOrder(table, columns);
  const digest = createPackedDigest(staged.marks);
  let number = 0;
  for await (const group of file.columnGroups()) {
    for (let row = 0; row < group.rows; row++) {
      number += 1;
      if (!isAfter(group, row)) return `row ${number} is not in its place`;
      const fault = faultOfLeaf?.(group.columns.map((values) => toValue(values[row])));
      if (fault !== undefined) return `row ${number}: ${fault}`;
      digest.add(group, row);
    }
  }
  return digest.value() === staged.rowsDigest ? undefined : 'its rows are not those of the archive';
}

/** The digest of rows, packed as they were for DuckDB: the same only if each value of each row is. */
function createPackedDigest({ value: mark, row: rowMark, nothing }: Marks) {
  const digest = createHash('sha256');
  let text = '';
  return {
    add({ columns }: ColumnGroup, row: number) {
      for (let n = 0; n < columns.length; n++) {
        const one = columns[n]?.[row] ?? nothing;
        text += n === 0 ? one : mark + one;
      }
      text += rowMark;
      if (text.length < CHARACTERS_AT_ONCE) return;
      digest.update(text);
      text = '';
    },
    value: () => digest.update(text).digest('hex'),
  };
}
