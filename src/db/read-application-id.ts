import { realpathSync, statSync } from 'node:fs';
import { chooseReadMode } from './reading/choose-mode.ts';
import { connectToRead } from './reading/connect-to-read.ts';
import { modeHere } from './reading/open-here.ts';
import { HEADER_BYTES, readFirstBytes, readHeader } from './reading/read-header.ts';

const BUSY_TIMEOUT_MS = 5000;
const ID = 'PRAGMA application_id';
/** What begins behind the header is the page of sqlite_schema: which kind it is, and how many cells it has. */
const LEAF_OF_TABLE = 0x0d;
const CELLS_AT = 3;

/** SQLite's application_id of a file, 0 where it has none; undefined where it is no SQLite database, or can't be read. Writes nothing. */
export function readApplicationId(path: string): number | undefined {
  try {
    // To open a named pipe would wait for a writer.
    if (!statSync(path).isFile()) return undefined;
    if (modeHere(path) !== undefined) return askSqlite(path, ID);
    const header = readHeader(path);
    if (header === undefined) return undefined;
    // One that was made a moment ago may have all but its first page in its log.
    return header.applicationId === 0 && hasLog(path) ? askSqlite(path, ID) : header.applicationId;
  } catch {
    return undefined;
  }
}

/** Whether a plain file begins as a SQLite database does; undefined where it can't be read. */
export function isSqliteFile(path: string): boolean | undefined {
  try {
    return readHeader(path) !== undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a SQLite database has no table yet. It is read off the file's first page, of which what was not written back may be in its log alone: that
 * one SQLite is asked.
 */
export function hasNoTable(path: string): boolean {
  if (hasLog(path)) return askSqlite(path, 'SELECT count(*) FROM sqlite_schema') === 0;
  const page = readFirstBytes(path, HEADER_BYTES + CELLS_AT + 2);
  return page[HEADER_BYTES] === LEAF_OF_TABLE && page.readUInt16BE(HEADER_BYTES + CELLS_AT) === 0;
}

function hasLog(path: string): boolean {
  // Where the path is a link, SQLite has it beside what the link leads to.
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
