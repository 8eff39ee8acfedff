import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { ColumnFile, ColumnType, FileCell, FileColumn } from './column-file.ts';

/** An INT64 holds every decimal of so many digits. */
const MOST_DIGITS_OF_INT64 = 18;
/** So many bytes hold every decimal of 38 digits, which is the most. */
const BYTES_OF_DECIMAL = 16;

/** Begins a Parquet file. Each batch is a row group, so that no more rows than those of a batch are in memory. */
export function createParquetFile(
  columns: readonly FileColumn[],
  metadata: ReadonlyMap<string, string>,
  push: (chunk: Uint8Array) => void,
): ColumnFile {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'rows', num_children: columns.length }, ...columns.map(elementOf)],
    // Readers skip row groups by these statistics. A file that is downloaded once gains little from them, and without
    // them no fault in them can hide a row.
    statistics: false,
    kvMetadata: [...metadata].map(([key, value]) => ({ key, value })),
  });
  const flush = () => {
    push(bytes.getBytes());
    bytes.index = 0;
  };
  return {
    add(values, rows) {
      const columnData = columns.map(({ name, type }, n) => columnOf(name, type, values[n] ?? []));
      // It returns a promise only if the writer of its bytes has a `flush` that does.
      void writer.write({ columnData, rowGroupSize: rows });
      flush();
    },
    end() {
      void writer.finish();
      flush();
    },
  };
}

function columnOf(name: string, { kind }: ColumnType, cells: readonly FileCell[]) {
  const data = [...cells];
  // A dictionary would have one entry for 0 and -0, since they are the same key.
  return kind === 'real' ? { name, data, encoding: 'PLAIN' as const } : { name, data };
}

function elementOf({ name, type }: FileColumn): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type.kind) {
    case 'integer':
      return { ...optional, type: 'INT64' };
    case 'real':
      return { ...optional, type: 'DOUBLE' };
    case 'text':
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'bytes':
      return { ...optional, type: 'BYTE_ARRAY' };
    case 'decimal': {
      const { precision, scale } = type;
      const decimal = {
        converted_type: 'DECIMAL',
        ...{ precision, scale },
        logical_type: { type: 'DECIMAL', precision, scale },
      } as const;
      return precision <= MOST_DIGITS_OF_INT64
        ? { ...optional, ...decimal, type: 'INT64' }
        : { ...optional, ...decimal, type: 'FIXED_LEN_BYTE_ARRAY', type_length: BYTES_OF_DECIMAL };
    }
  }
}
