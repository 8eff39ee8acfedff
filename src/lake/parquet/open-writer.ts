import { join } from 'node:path';
import type { DuckDb } from './load-duckdb.ts';
import { type TableToWrite, writeTable } from './write-table.ts';

/** One thread leaves the other core to the collector. */
const THREADS = '1';
const MEMORY = '200MB';

export interface ParquetWriter {
  /** Writes a file that is not there yet, and returns the number of its rows. */
  write(path: string, table: TableToWrite): Promise<number>;
  close(): void;
}

/**
 * Opens DuckDB to write Parquet files. Rows wait in a file in `folder` until all of a table are there. For many small
 * tables they wait in memory, and only those in the folder that do not fit: each table in a file costs a write to disk.
 */
export async function openWriter(
  duckDb: DuckDb,
  folder: string,
  { isForSmall = false }: { isForSmall?: boolean } = {},
): Promise<ParquetWriter> {
  const place = isForSmall ? ':memory:' : join(folder, 'staging.duckdb');
  const instance = await duckDb.DuckDBInstance.create(place, {
    ...{ threads: THREADS, memory_limit: MEMORY, temp_directory: join(folder, 'waiting') },
    ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
  });
  const connection = await instance.connect();
  return {
    write: (path, table) => writeTable(duckDb, connection, path, table),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
