import { asyncBufferFromFile } from 'hyparquet';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { openParquet } from '../parquet/open-parquet.ts';
import { createValueReader } from '../restore/lake-rows.ts';
import type { LakeColumn, LakeRow, LakeValue } from '../tables/lake-table.ts';

/** A table of a day, read row by row in the order of the file. */
export interface OpenTable {
  name: string;
  columns: readonly LakeColumn[];
  /** The next row, which stays the next one; undefined at the end. */
  peek(): Promise<LakeRow | undefined>;
  /** The next row, after which comes the one behind it. */
  take(): Promise<LakeRow | undefined>;
  /** Reads a value of a row; null if the file lacks the column. */
  value(row: LakeRow, column: string): LakeValue;
}

/** Opens the file of an object. Throws an error that says what is wrong if the file is not what the ledger says of it. */
export async function openTable(path: string, { table, rows, key }: SealedObject, day: string): Promise<OpenTable> {
  const file = await openParquet(await asyncBufferFromFile(path));
  if (file.rows !== rows) throw new Error(`${key} has ${file.rows} rows, and the ledger says ${rows}`);
  const says = (name: string, expected: string) => {
    if (file.metadata[name] !== expected)
      throw new Error(`${key} says of itself that its ${name} is ${file.metadata[name]}, not ${expected}`);
  };
  says('table', table);
  says('day', day);
  const read = createValueReader(file.columns.map(({ name }) => name));
  const all = file.read();
  let next: LakeRow | undefined;
  let isRead = false;
  const peek = async () => {
    if (!isRead) {
      const { value, done } = await all.next();
      next = done ? undefined : value;
      isRead = true;
    }
    return next;
  };
  return {
    ...{ name: table, columns: file.columns, value: read, peek },
    async take() {
      const row = await peek();
      isRead = row === undefined;
      return row;
    },
  };
}
