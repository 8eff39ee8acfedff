import { join } from 'node:path';
import type { DuckDb } from './load-duckdb.ts';
import { type TableToWrite, type WrittenTable, writeTable } from './write-table.ts';

/** One thread leaves the other core to the collector. */
const THREADS = '1';
const MEMORY = '200MB';

export interface ParquetWriter {
  /** Writes a file that is not there yet. */
  write(path: string, table: TableToWrite): Promise<WrittenTable>;
  close(): void;
}

/**
 * Opens DuckDB to write Parquet files. Rows wait in its memory until all of a table are there, and in `folder` what does
 * not fit into that.
 */
export async function openWriter(duckDb: DuckDb, folder: string): Promise<ParquetWriter> {
  const instance = await duckDb.DuckDBInstance.create(':memory:', {
    ...{ threads: THREADS, memory_limit: MEMORY, temp_directory: join(folder, 'waiting') },
    ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
  });
  const connection = await instance.connect();
  return {
    write: (path, table) => writeTable(connection, path, table),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
