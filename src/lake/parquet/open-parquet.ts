import { zstdDecompressSync } from 'node:zlib';
import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { LakeColumn, LakeRow, LakeValue } from '../tables/lake-table.ts';

/** All files of the lake are compressed so, and Node brings the decompressor. */
const COMPRESSORS = { ZSTD: (page: Uint8Array) => zstdDecompressSync(page) };

export interface ParquetFile {
  columns: LakeColumn[];
  rows: number;
  metadata: Readonly<Record<string, string>>;
  /** Yields the rows in the order of the file. */
  read(): AsyncGenerator<LakeRow>;
  /** Yields the rows of one row group after another. */
  groups(): AsyncGenerator<LakeRow[]>;
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
        ...{ file, metadata, compressors: COMPRESSORS, rowStart, rowEnd },
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
    async *read() {
      for await (const rows of groups()) yield* rows;
    },
  };
}

function toValue(value: unknown): LakeValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw new Error(`a value of the type ${typeof value} is none of the lake's`);
}
