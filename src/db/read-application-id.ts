import { realpathSync, statSync } from 'node:fs';
import { chooseReadMode } from './reading/choose-mode.ts';
import { connectToRead } from './reading/connect-to-read.ts';
import { modeHere } from './reading/open-here.ts';
import { HEADER_BYTES, readFirstBytes, readHeader } from './reading/read-header.ts';

const BUSY_TIMEOUT_MS = 5000;
const ID = 'PRAGMA application_id';
/** Places in the page of sqlite_schema, which comes after the header: its kind, and its number of cells. */
const LEAF_OF_TABLE = 0x0d;
const CELLS_AT = 3;

/**
 * Returns SQLite's application_id of a file, 0 if it has none; undefined if it is not a SQLite database or can't be
 * read. Writes nothing.
 */
export function readApplicationId(path: string): number | undefined {
  try {
    // Opening a named pipe would wait for a writer.
    if (!statSync(path).isFile()) return undefined;
    if (modeHere(path) !== undefined) return askSqlite(path, ID);
    const header = readHeader(path);
    if (header === undefined) return undefined;
    // A new database may have everything except its first page in the -wal.
    return header.applicationId === 0 && hasLog(path) ? askSqlite(path, ID) : header.applicationId;
  } catch {
    return undefined;
  }
}

/** Whether a file begins as a SQLite database does; undefined if it can't be read. */
export function isSqliteFile(path: string): boolean | undefined {
  try {
    return readHeader(path) !== undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a SQLite database has no table yet. This is read from the file's first page. If changes may still be in the
 * -wal, SQLite is asked instead.
 */
export function hasNoTable(path: string): boolean {
  if (hasLog(path)) return askSqlite(path, 'SELECT count(*) FROM sqlite_schema') === 0;
  const page = readFirstBytes(path, HEADER_BYTES + CELLS_AT + 2);
  return page[HEADER_BYTES] === LEAF_OF_TABLE && page.readUInt16BE(HEADER_BYTES + CELLS_AT) === 0;
}

function hasLog(path: string): boolean {
  // If the path is a link, SQLite keeps the -wal beside the link's target.
  return (statSync(`${realpathSync(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function askSqlite(path: string, question: string): number {
  const sqlite = connectToRead(path, chooseReadMode(path), BUSY_TIMEOUT_MS);
  try {
    return Number(sqlite.prepare(question).pluck().get());
  } finally {
    sqlite.close();
  }
}
