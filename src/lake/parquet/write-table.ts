import type { DuckDBConnection } from '@duckdb/node-api';
import type { LakeColumn, LakeRow } from '../tables/lake-table.ts';
import type { DuckDb } from './load-duckdb.ts';

/** DuckDB takes rows in chunks of at most this many. */
const ROWS_AT_ONCE = 2048;
/**
 * A row group has at most so many rows. A reader of one node skips the groups whose bloom filter does not have it.
 */
const GROUP_ROWS = 122_880;
/** DuckDB writes a bloom filter only for a column that it encodes with a dictionary, so the dictionary may be large. */
const DICTIONARY_ROWS = 100_000;
const ZSTD_LEVEL = 9;

export interface TableToWrite {
  columns: readonly LakeColumn[];
  rows: Iterable<LakeRow>;
  order: readonly string[];
  /** What the file says of itself. */
  metadata: Readonly<Record<string, string>>;
}

/**
 * Writes rows as a Parquet file, sorted, and returns their number. DuckDB sorts beside the file where they don't fit
 * into its memory.
 */
export async function writeTable(
  { DuckDBDataChunk, BIGINT, VARCHAR }: Pick<DuckDb, 'DuckDBDataChunk' | 'BIGINT' | 'VARCHAR'>,
  connection: DuckDBConnection,
  path: string,
  { columns, rows, order, metadata }: TableToWrite,
): Promise<number> {
  const types = columns.map(({ type }) => (type === 'BIGINT' ? BIGINT : VARCHAR));
  await connection.run(
    `CREATE OR REPLACE TABLE staged (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
  );
  const appender = await connection.createAppender('staged');
  let count = 0;
  let held: LakeRow[] = [];
  const append = () => {
    if (held.length === 0) return;
    const chunk = DuckDBDataChunk.create(types, held.length);
    columns.forEach(({ type }, n) => {
      const values = held.map((row) => row[n] ?? null);
      chunk.setColumnValues(n, type === 'BIGINT' ? values.map(bigintOf) : values);
    });
    appender.appendDataChunk(chunk);
    count += held.length;
    held = [];
  };
  for (const row of rows) {
    held.push(row);
    if (held.length === ROWS_AT_ONCE) append();
  }
  append();
  appender.closeSync();
  const facts = Object.entries(metadata).map(([name, value]) => `${quoted(name)}: ${literal(value)}`);
  await connection.run(
    `COPY (SELECT * FROM staged ORDER BY ${order.map(quoted).join(', ')}) TO ${literal(path)} (FORMAT parquet,
       COMPRESSION zstd, COMPRESSION_LEVEL ${ZSTD_LEVEL}, ROW_GROUP_SIZE ${GROUP_ROWS},
       DICTIONARY_SIZE_LIMIT ${DICTIONARY_ROWS}, KV_METADATA {${facts.join(', ')}})`,
  );
  await connection.run('DROP TABLE staged');
  return count;
}

function bigintOf(value: unknown): bigint | null {
  return typeof value === 'number' ? BigInt(value) : null;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
