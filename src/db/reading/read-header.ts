import { closeSync, openSync, readSync } from 'node:fs';

/** The beginning of a database, and the places in its header: https://www.sqlite.org/fileformat.html. */
const MAGIC = Buffer.from('SQLite format 3\0');
export const HEADER_BYTES = 100;
const VERSIONS_AT = 18;
const CHANGES_AT = 24;
const APPLICATION_ID_AT = 68;
const WAL = 2;

/** The header of a SQLite file, as it is in the file itself. */
export interface FileHeader {
  /** Whether the file is in WAL mode; else it is in rollback mode. */
  isWal: boolean;
  changeCounter: number;
  applicationId: number;
}

/**
 * Reads the header of a file; undefined if it is not a SQLite database. This process must not have the file open with
 * SQLite: closing a descriptor would drop all locks that SQLite has on it. Throws the system's errors.
 */
export function readHeader(path: string): FileHeader | undefined {
  const header = readFirstBytes(path, HEADER_BYTES);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  return {
    isWal: header[VERSIONS_AT] === WAL || header[VERSIONS_AT + 1] === WAL,
    changeCounter: header.readUInt32BE(CHANGES_AT),
    applicationId: header.readInt32BE(APPLICATION_ID_AT),
  };
}

/**
 * Returns the first bytes of a file, with zeros if it is shorter. As for `readHeader`, this process must not have it
 * open with SQLite.
 */
export function readFirstBytes(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, 0);
    return bytes;
  } finally {
    closeSync(file);
  }
}
