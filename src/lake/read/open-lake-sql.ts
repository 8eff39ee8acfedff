import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { loadDuckDb } from '../parquet/load-duckdb.ts';
import type { RowsOfTable } from '../restore/lake-rows.ts';
import type { LakeRow, LakeValue } from '../tables/lake-table.ts';

/** DuckDB over files of the lake. */
export interface LakeSql {
  /** Resolves with all rows of a query whose columns are texts and whole numbers. */
  all(sql: string, params?: readonly LakeValue[]): Promise<RowsOfTable>;
  /**
   * Yields the rows in chunks of at most 2,048, of which only some are in memory. Other queries may run between two
   * chunks.
   */
  chunks(sql: string, params?: readonly LakeValue[]): AsyncGenerator<RowsOfTable>;
  close(): void;
}

const THREADS = '2';
const MEMORY = '256MB';

/** Starts DuckDB in this process. Throws UserFault that says what to install where it is missing. */
export async function openLakeSql(): Promise<LakeSql> {
  const { DuckDBInstance } = await loadDuckDb();
  // The folder is made when a day that is sorted does not fit into memory, and DuckDB removes it.
  const instance = await DuckDBInstance.create(':memory:', {
    ...{ threads: THREADS, memory_limit: MEMORY, temp_directory: join(tmpdir(), `ssm-archive-sort-${randomUUID()}`) },
    ...{ autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' },
  });
  const connection = await instance.connect();
  // A page opens the same files again and again; their footers are read once.
  await connection.run('SET parquet_metadata_cache = true');
  return {
    all: (sql, params = []) => readAll(connection, sql, params),
    async *chunks(sql, params = []) {
      // DuckDB ends the rows of a query silently when the next query of its connection begins.
      const own = await instance.connect();
      try {
        yield* readChunks(own, sql, params);
      } finally {
        own.closeSync();
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function readAll(connection: DuckDBConnection, sql: string, params: readonly LakeValue[]): Promise<RowsOfTable> {
  const reader = await connection.runAndReadAll(sql, valuesOf(params));
  return { columns: reader.columnNames(), rows: reader.getRows().map(rowOf) };
}

async function* readChunks(
  connection: DuckDBConnection,
  sql: string,
  params: readonly LakeValue[],
): AsyncGenerator<RowsOfTable> {
  const result = await connection.stream(sql, valuesOf(params));
  const columns = result.columnNames();
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield { columns, rows: chunk.getRows().map(rowOf) };
  }
}

/** Numbers of the archive are whole, and DuckDB would take a number of JavaScript for a DOUBLE. */
function valuesOf(params: readonly LakeValue[]): DuckDBValue[] {
  return params.map((value) => (typeof value === 'number' ? BigInt(value) : value));
}

function rowOf(row: readonly DuckDBValue[]): LakeRow {
  return row.map((value): LakeValue => {
    if (typeof value === 'string' || value === null) return value;
    if (typeof value === 'bigint') return Number(value);
    throw new Error(`a value of the type ${typeof value} is none of the lake's`);
  });
}
