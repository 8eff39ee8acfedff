import { asyncBufferFromFile } from 'hyparquet';
import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { openParquet } from '../parquet/open-parquet.ts';
import { createValueReader } from '../restore/lake-rows.ts';
import type { LakeColumn, LakeRow, LakeValue } from '../tables/lake-table.ts';

/** A table of a day, read row by row in the order of the file. */
export interface OpenTable {
  name: string;
  columns: readonly LakeColumn[];
  /** The next row, which stays the next one; undefined at the end. A promise only if it is still to be read. */
  peek(): LakeRow | undefined | Promise<LakeRow | undefined>;
  /** Goes on to the row behind the one that `peek` has returned. */
  skip(): void;
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
  const groups = file.groups();
  let group: readonly LakeRow[] = [];
  let at = 0;
  const readOn = async () => {
    while (at >= group.length) {
      const { value, done } = await groups.next();
      if (done) return undefined;
      group = value;
      at = 0;
    }
    return group[at];
  };
  return {
    ...{ name: table, columns: file.columns, value: read },
    peek: () => (at < group.length ? group[at] : readOn()),
    skip() {
      at += 1;
    },
  };
}
