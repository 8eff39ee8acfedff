import { zstdDecompressSync } from 'node:zlib';
import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { LakeColumn, LakeRow, LakeValue } from '../tables/lake-table.ts';

/** All files of the lake are compressed so, and Node brings the decompressor. */
const COMPRESSORS = { ZSTD: (page: Uint8Array) => zstdDecompressSync(page) };

/** A byte order mark at the beginning of a text is a character of it, which hyparquet's own decoder would drop. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const PARSERS = { stringFromBytes: (bytes?: Uint8Array) => bytes && DECODER.decode(bytes) };

export interface ParquetFile {
  columns: LakeColumn[];
  rows: number;
  metadata: Readonly<Record<string, string>>;
  /** Yields the rows in the order of the file. */
  read(): AsyncGenerator<LakeRow>;
  /** Yields the rows of one row group after another. */
  groups(): AsyncGenerator<LakeRow[]>;
  /** Yields the row groups in the order of the file, by columns. */
  columnGroups(): AsyncGenerator<ColumnGroup>;
}

/** The rows of a row group by columns, in which a number is a bigint. */
export interface ColumnGroup {
  rows: number;
  /** The values of each column, in the order of the file's columns. */
  columns: readonly ArrayLike<unknown>[];
}

/**
 * Opens a Parquet file with an implementation that is not the one which wrote it. Throws an error that says what is
 * wrong if it is not such a file, or has a type that no file of the lake has.
 */
export async function openParquet(file: AsyncBuffer): Promise<ParquetFile> {
  const metadata = await parquetMetadataAsync(file);
  const columns = metadata.schema.slice(1).map(({ name, type, converted_type: converted }): LakeColumn => {
    if (type === 'INT64') return { name, type: 'BIGINT' };
    if (type === 'BYTE_ARRAY' && converted === 'UTF8') return { name, type: 'VARCHAR' };
    throw new Error(`the column ${name} has the type ${type}, which no file of the lake has`);
  });
  async function* groups(): AsyncGenerator<LakeRow[]> {
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      let found: unknown[][] = [];
      await parquetRead({
        ...{ file, metadata, compressors: COMPRESSORS, parsers: PARSERS, rowStart, rowEnd },
        onComplete: (rows: unknown[][]) => {
          found = rows;
        },
      });
      yield found.map((row) => row.map(toValue));
      rowStart = rowEnd;
    }
  }
  return {
    columns,
    rows: Number(metadata.num_rows),
    metadata: Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value])),
    groups,
    async *columnGroups() {
      let rowStart = 0;
      for (const group of metadata.row_groups) {
        const rows = Number(group.num_rows);
        const found = new Map<string, ArrayLike<unknown>[]>(columns.map(({ name }) => [name, []]));
        await parquetRead({
          ...{ file, metadata, compressors: COMPRESSORS, parsers: PARSERS, rowStart, rowEnd: rowStart + rows },
          onChunk: ({ columnName, columnData }) => found.get(columnName)?.push(columnData),
        });
        yield { rows, columns: columns.map(({ name }) => joined(found.get(name) ?? [])) };
        rowStart += rows;
      }
    },
    async *read() {
      for await (const rows of groups()) yield* rows;
    },
  };
}

function joined(parts: readonly ArrayLike<unknown>[]): ArrayLike<unknown> {
  const [first, ...others] = parts;
  return first && others.length === 0 ? first : parts.flatMap((part) => Array.from(part));
}

/** Returns a value of a file as the lake's tables have it. */
export function toValue(value: unknown): LakeValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw new Error(`a value of the type ${typeof value} is none of the lake's`);
}
