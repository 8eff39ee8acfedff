import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';

/** DuckDB takes rows in chunks of this many, and row groups have whole chunks. */
const CHUNK_ROWS = 2048;
/** So many bytes of rows, or a few more, go to DuckDB at once. */
const BYTES_AT_ONCE = 1_048_576;
/**
 * A row group has at most so many rows. A reader of one node skips the groups whose bloom filter does not have it.
 */
const MOST_GROUP_ROWS = 40_960;
/**
 * DuckDB holds a row group in its memory until it is written, and a reader until it has read it, so groups of long texts
 * have fewer rows.
 */
const GROUP_BYTES = 24_000_000;
const ZSTD_LEVEL = 9;

export interface TableToWrite {
  /** The rows in the order of the file, each as one text in UTF-8. */
  rows: Iterable<Buffer>;
  /** What stands between two rows, and in none. */
  rowMark: string;
  /** SQL that makes the columns from a table whose column `packed` has the texts. */
  unpacking(table: string): string;
  /**
   * How many values the columns that need a bloom filter have at most. DuckDB writes one only for a column that it
   * encodes with a dictionary. Of columns that differ in each row a dictionary makes the file a seventh larger, so none
   * has more values than this.
   */
  mostValues: number;
  /** What the file says of itself. */
  metadata: Readonly<Record<string, string>>;
}

/** What was written: the number of rows, and digestOfRows in hex. */
export interface WrittenTable {
  rows: number;
  rowsDigest: string;
}

/** Writes rows as a Parquet file, in the order in which they come. */
export async function writeTable(
  connection: DuckDBConnection,
  path: string,
  { rows, rowMark, unpacking, mostValues, metadata }: TableToWrite,
): Promise<WrittenTable> {
  await connection.run('CREATE OR REPLACE TABLE staged (packed VARCHAR)');
  const { rows: count, bytes, rowsDigest } = await insertRows(connection, rows, rowMark);
  const facts = Object.entries(metadata).map(([name, value]) => `${quoted(name)}: ${literal(value)}`);
  const ofGroup = groupRows(count, bytes);
  await connection.run(
    `COPY (${unpacking('staged')}) TO ${literal(path)} (FORMAT parquet,
       COMPRESSION zstd, COMPRESSION_LEVEL ${ZSTD_LEVEL}, ROW_GROUP_SIZE ${ofGroup},
       DICTIONARY_SIZE_LIMIT ${dictionaryLimit(ofGroup, mostValues)}, KV_METADATA {${facts.join(', ')}})`,
  );
  await connection.run('DROP TABLE staged');
  return { rows: count, rowsDigest };
}

/** DuckDB inserts rows in a thread of its own, while the next ones are read. */
async function insertRows(
  connection: DuckDBConnection,
  rows: Iterable<Buffer>,
  rowMark: string,
): Promise<WrittenTable & { bytes: number }> {
  const statement = await connection.prepare(
    `INSERT INTO staged SELECT unnest(string_split(decode($1), ${literal(rowMark)}))`,
  );
  const mark = Buffer.from(rowMark);
  const digest = createHash('sha256');
  let [count, bytes] = [0, 0];
  let [held, heldBytes]: [Buffer[], number] = [[], 0];
  let inserting: Promise<unknown> = Promise.resolve();
  const insert = async () => {
    if (held.length === 0) return;
    const text = Buffer.concat(held.flatMap((row, n) => (n === 0 ? [row] : [mark, row])));
    digest.update(text).update(mark);
    count += held.length;
    bytes += heldBytes;
    [held, heldBytes] = [[], 0];
    await inserting;
    statement.bindBlob(1, text);
    inserting = statement.run();
    // It is awaited before the next one, and must not end the process until then.
    inserting.catch(() => {});
  };
  try {
    for (const row of rows) {
      held.push(row);
      heldBytes += row.length;
      if (heldBytes > BYTES_AT_ONCE || held.length === CHUNK_ROWS) await insert();
    }
    await insert();
    await inserting;
    return { rows: count, bytes, rowsDigest: digest.digest('hex') };
  } finally {
    await inserting.catch(() => {});
    statement.destroySync();
  }
}

/** Returns how many rows a row group has: whole chunks, at least one. */
function groupRows(rows: number, bytes: number): number {
  const fitting = Math.floor((GROUP_BYTES * rows) / Math.max(1, bytes) / CHUNK_ROWS) * CHUNK_ROWS;
  return Math.min(MOST_GROUP_ROWS, Math.max(CHUNK_ROWS, fitting));
}

/**
 * Returns how many values a dictionary may have: as many as the columns that need one, but fewer than a row group has
 * rows. Otherwise a column that differs in each row would get one on a day of many commands.
 */
function dictionaryLimit(ofGroup: number, mostValues: number): number {
  return Math.min(ofGroup - 1, mostValues + 1);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
