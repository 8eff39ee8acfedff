import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBBlobValue, DuckDBDecimalValue, DuckDBInstance } from '@duckdb/node-api';
import { Binary, DataType, RecordBatchReader, tableFromIPC, Vector } from 'apache-arrow';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';

/** A file as a reader sees it: values that JavaScript compares, and NaN and -0 as they are. */
export interface ReadFile {
  names: string[];
  rows: unknown[][];
  metadata: Record<string, string>;
  /** The number of rows in each batch. */
  batches: number[];
}

/** A whole file as it is read by another program than the one that wrote it. Throws if it is not whole. */
export async function readParquet(bytes: Uint8Array): Promise<ReadFile> {
  const file = new Uint8Array(bytes).buffer;
  const metadata = parquetMetadata(file);
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const parsers = { stringFromBytes: textOf };
  const objects = await parquetReadObjects({ file, metadata, parsers, utf8: false });
  return {
    names,
    rows: objects.map((row) => names.map((name) => plainOf(row[name]))),
    metadata: Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value])),
    batches: metadata.row_groups.map(({ num_rows: rows }) => Number(rows)),
  };
}

/** The same file, read by DuckDB, with its types. */
export async function readByDuckDb(
  bytes: Uint8Array,
): Promise<{ names: string[]; types: string[]; rows: unknown[][] }> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-columns-'));
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const path = join(folder, 'answer.parquet');
    writeFileSync(path, bytes);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`);
    const found = {
      names: reader.columnNames(),
      types: reader.columnTypes().map(String),
      rows: reader.getRows().map((row) => row.map(plainOf)),
    };
    connection.closeSync();
    return found;
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

/** A whole file of Arrow, read by its footer, and by its beginning as a stream. Throws if the two differ. */
export function readArrow(bytes: Uint8Array): ReadFile & { types: string[] } {
  const table = tableFromIPC(bytes);
  const stream = [...RecordBatchReader.from(bytes.subarray(8))];
  if (stream.reduce((sum, { numRows }) => sum + numRows, 0) !== table.numRows)
    throw new Error('The stream has other rows.');
  if (Buffer.from(bytes.subarray(-6)).toString() !== 'ARROW1') throw new Error('The file has no footer.');
  const columns = table.schema.fields.map(({ type }, n) => {
    const column = table.getChildAt(n);
    // The library's own decoder drops a byte order mark, which is a character of the value.
    if (!DataType.isUtf8(type) || column === null) return column;
    const texts = new Vector(column.data.map((part) => part.clone(new Binary())));
    return { get: (row: number) => textOf(texts.get(row)) };
  });
  return {
    names: table.schema.fields.map(({ name }) => name),
    types: table.schema.fields.map(({ type }) => String(type)),
    rows: Array.from({ length: table.numRows }, (_, row) => columns.map((column) => plainOf(column?.get(row)))),
    metadata: Object.fromEntries(table.schema.metadata),
    batches: table.batches.map(({ numRows }) => numRows),
  };
}

function plainOf(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBDecimalValue) return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

/** The text of these bytes, with a byte order mark if it begins with one. */
function textOf(bytes: Uint8Array | null | undefined): string | undefined {
  return bytes ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) : undefined;
}
