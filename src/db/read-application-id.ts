import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';

/** https://www.sqlite.org/fileformat.html: what a database begins with, and where its application_id is. */
const MAGIC = Buffer.from('SQLite format 3\0');
const HEADER_BYTES = 100;
const ID_AT = 68;
/** What begins behind the header is the page of sqlite_schema: which kind it is, and how many cells it has. */
const LEAF_OF_TABLE = 0x0d;
const CELLS_AT = 3;

/** SQLite's application_id of a file, 0 where it has none; undefined where it is no SQLite database, or can't be read. */
export function readApplicationId(path: string): number | undefined {
  try {
    // To open a named pipe would wait for a writer.
    if (!statSync(path).isFile()) return undefined;
    const header = readHeader(path);
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const id = header.readInt32BE(ID_AT);
    // One that was made a moment ago may have all but its first page in its log.
    return id === 0 && hasLog(path) ? askSqlite(path, 'PRAGMA application_id') : id;
  } catch {
    return undefined;
  }
}

/** Whether a plain file begins as a SQLite database does; undefined where it can't be read. */
export function isSqliteFile(path: string): boolean | undefined {
  try {
    return readHeader(path).subarray(0, MAGIC.length).equals(MAGIC);
  } catch {
    return undefined;
  }
}

/**
 * Whether a SQLite database has no table yet. It is read off the file's first page, of which what was not written back may be in its log alone: that
 * one SQLite is asked. To ask it each time would leave a -wal and a -shm beside a file that is not ours.
 */
export function hasNoTable(path: string): boolean {
  if (hasLog(path)) return askSqlite(path, 'SELECT count(*) FROM sqlite_schema') === 0;
  const header = readHeader(path, HEADER_BYTES + 8);
  return header[HEADER_BYTES] === LEAF_OF_TABLE && header.readUInt16BE(HEADER_BYTES + CELLS_AT) === 0;
}

function readHeader(path: string, length = HEADER_BYTES): Buffer {
  const header = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, length, 0);
    return header;
  } finally {
    closeSync(file);
  }
}

function hasLog(path: string): boolean {
  // Where the path is a link, SQLite has it beside what the link leads to.
  return (statSync(`${realpathSync(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function askSqlite(path: string, question: string): number {
  const sqlite = new SQLite(path, { readonly: true, fileMustExist: true });
  try {
    return Number(sqlite.prepare(question).pluck().get());
  } finally {
    sqlite.close();
  }
}
