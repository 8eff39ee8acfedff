import type { DuckDBConnection } from '@duckdb/node-api';
import type { LakeColumn, LakeRow } from '../tables/lake-table.ts';
import type { DuckDb } from './load-duckdb.ts';

/** DuckDB takes rows in chunks of at most this many. */
const ROWS_AT_ONCE = 2048;
/**
 * A row group has at most so many rows. A reader of one node skips the groups whose bloom filter does not have it.
 */
const MOST_GROUP_ROWS = 40_960;
/**
 * DuckDB holds a row group in its memory until it is written, and a reader until it has read it, so groups of long texts
 * have fewer rows. A character takes a byte or more.
 */
const GROUP_CHARACTERS = 24_000_000;
/** So many characters go to DuckDB's file at once. */
const FLUSHED_CHARACTERS = 8_000_000;
/** DuckDB writes a bloom filter only for a column that it encodes with a dictionary, so the dictionary may be large. */
const DICTIONARY_ROWS = MOST_GROUP_ROWS;
const ZSTD_LEVEL = 9;

export interface TableToWrite {
  columns: readonly LakeColumn[];
  /** The rows in the order of the file. */
  rows: Iterable<LakeRow>;
  /** What the file says of itself. */
  metadata: Readonly<Record<string, string>>;
}

/** Writes rows as a Parquet file, in the order in which they come, and returns their number. */
export async function writeTable(
  { DuckDBDataChunk, BIGINT, VARCHAR }: Pick<DuckDb, 'DuckDBDataChunk' | 'BIGINT' | 'VARCHAR'>,
  connection: DuckDBConnection,
  path: string,
  { columns, rows, metadata }: TableToWrite,
): Promise<number> {
  const types = columns.map(({ type }) => (type === 'BIGINT' ? BIGINT : VARCHAR));
  await connection.run(
    `CREATE OR REPLACE TABLE staged (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
  );
  const appender = await connection.createAppender('staged');
  // The only chunk: what a chunk takes outside of the heap is freed late, since JavaScript does not know how much it is.
  const chunk = DuckDBDataChunk.create(types);
  let count = 0;
  let characters = 0;
  let flushed = 0;
  let held: LakeRow[] = [];
  const append = () => {
    if (held.length === 0) return;
    chunk.reset();
    chunk.rowCount = held.length;
    columns.forEach(({ type }, n) => {
      const values = held.map((row) => row[n] ?? null);
      chunk.setColumnValues(n, type === 'BIGINT' ? values.map(bigintOf) : values);
    });
    appender.appendDataChunk(chunk);
    // Else the appender holds 200,000 rows outside of DuckDB's memory limit.
    if (characters - flushed > FLUSHED_CHARACTERS) {
      appender.flushSync();
      flushed = characters;
    }
    count += held.length;
    held = [];
  };
  for (const row of rows) {
    held.push(row);
    for (const value of row) characters += typeof value === 'string' ? value.length : NUMBER_CHARACTERS;
    if (held.length === ROWS_AT_ONCE) append();
  }
  append();
  appender.closeSync();
  const facts = Object.entries(metadata).map(([name, value]) => `${quoted(name)}: ${literal(value)}`);
  await connection.run(
    `COPY staged TO ${literal(path)} (FORMAT parquet,
       COMPRESSION zstd, COMPRESSION_LEVEL ${ZSTD_LEVEL}, ROW_GROUP_SIZE ${groupRows(count, characters)},
       DICTIONARY_SIZE_LIMIT ${DICTIONARY_ROWS}, KV_METADATA {${facts.join(', ')}})`,
  );
  await connection.run('DROP TABLE staged');
  return count;
}

/** A number, or nothing, takes as much memory as so many characters. */
const NUMBER_CHARACTERS = 8;

/** Returns how many rows a row group has: whole chunks, at least one. */
function groupRows(rows: number, characters: number): number {
  const fitting = Math.floor((GROUP_CHARACTERS * rows) / Math.max(1, characters) / ROWS_AT_ONCE) * ROWS_AT_ONCE;
  return Math.min(MOST_GROUP_ROWS, Math.max(ROWS_AT_ONCE, fitting));
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
