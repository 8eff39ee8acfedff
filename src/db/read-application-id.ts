import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import SQLite from 'better-sqlite3';

/** https://www.sqlite.org/fileformat.html: what a database begins with, and where its application_id is. */
const MAGIC = Buffer.from('SQLite format 3\0');
const HEADER_BYTES = 100;
const ID_AT = 68;

/** SQLite's application_id of a file, 0 where it has none; undefined where it is no SQLite database, or can't be read. */
export function readApplicationId(path: string): number | undefined {
  try {
    // To open a named pipe would wait for a writer.
    if (!statSync(path).isFile()) return undefined;
    const header = readHeader(path);
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const id = header.readInt32BE(ID_AT);
    // One that was made a moment ago may have all but its first page in its log.
    return id === 0 && hasLog(path) ? askSqlite(path) : id;
  } catch {
    return undefined;
  }
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
    return header;
  } finally {
    closeSync(file);
  }
}

function hasLog(path: string): boolean {
  // Where the path is a link, SQLite has it beside what the link leads to.
  return (statSync(`${realpathSync(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function askSqlite(path: string): number {
  const sqlite = new SQLite(path, { readonly: true, fileMustExist: true });
  try {
    return Number(sqlite.pragma('application_id', { simple: true }));
  } finally {
    sqlite.close();
  }
}
