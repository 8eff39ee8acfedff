import type { ColumnFile, ColumnType, CreateColumnFile, FileCell } from '../../../lib/columns/column-file.ts';
import { distinctNames } from '../distinct-names.ts';
import { type FileValue, fitValue, refuseValue } from './file-value.ts';

export interface ResultFileOptions {
  create: CreateColumnFile;
  /**
   * The names of the columns. If two have the same, the second becomes `n_2`, since no reader finds a column twice. The
   * third becomes `column_3` if it has none, since some readers take that for no column.
   */
  names: string[];
  /** Returns the type of a column, by its values in the first batch of rows. */
  typeOf: (column: number, values: readonly FileValue[]) => ColumnType;
  metadata: ReadonlyMap<string, string>;
  push: (chunk: Uint8Array) => void;
}

/** A file of the rows of an answer, which takes them one at a time. */
export interface ResultFile {
  /** Throws SqlFault if a value does not fit into its column. */
  add(row: readonly FileValue[]): void;
  /** Ends the file. Without this, no reader takes it for a whole one. */
  end(): void;
}

/**
 * So many rows are written at once, or fewer if they have so many bytes: then a batch takes about as much memory
 * whatever is in it.
 */
const MOST_ROWS = 20_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** About what a value takes besides its text or bytes. */
const BYTES_OF_VALUE = 16;

interface WaitingColumn {
  name: string;
  type: ColumnType;
  /** The values of the rows that are not written yet. */
  values: FileValue[];
  /** Whether a row that is written has a value in the column. */
  hasValue: boolean;
}

/**
 * Begins a file of columns. Nothing of it is pushed before the first batch of rows is known, so that a query which is
 * refused at once gives no file at all.
 */
export function createResultFile({ create, names, typeOf, metadata, push }: ResultFileOptions): ResultFile {
  const named = names.map((name, n) => (name === '' ? `column_${n + 1}` : name));
  const columns: WaitingColumn[] = distinctNames(named).map((name) => ({
    ...{ name, type: { kind: 'text' }, values: [], hasValue: false },
  }));
  let file: ColumnFile | undefined;
  let rows = 0;
  let bytes = 0;
  let rowsBefore = 0;

  const flush = () => {
    if (file === undefined) for (const [n, column] of columns.entries()) column.type = typeOf(n, column.values);
    // Only then is the file begun: a value that is refused here must not come after the first bytes of the file.
    const cells = columns.map((column) => takeCells(column, rowsBefore));
    file ??= create(columns, metadata, push);
    if (rows > 0) file.add(cells, rows);
    rowsBefore += rows;
    rows = 0;
    bytes = 0;
    return file;
  };
  return {
    add(row) {
      for (let n = 0; n < columns.length; n++) {
        const value = row[n] ?? null;
        columns[n]?.values.push(value);
        bytes += BYTES_OF_VALUE + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 0);
      }
      rows += 1;
      if (rows === MOST_ROWS || bytes >= MOST_BYTES) flush();
    },
    end: () => flush().end(),
  };
}

/** Returns the waiting values of a column as its type has them; none waits any more. */
function takeCells(column: WaitingColumn, rowsBefore: number): FileCell[] {
  const { name, type, values } = column;
  const cells = values.map((value, n) => {
    const cell = fitValue(type, value);
    if (cell === undefined)
      throw refuseValue({ row: rowsBefore + n + 1, name, type, value, isFirst: !column.hasValue });
    if (cell !== null) column.hasValue = true;
    return cell;
  });
  column.values = [];
  return cells;
}
