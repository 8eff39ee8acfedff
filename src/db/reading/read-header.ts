import { closeSync, openSync, readSync } from 'node:fs';

/** https://www.sqlite.org/fileformat.html: what a database begins with, and where its header has what. */
const MAGIC = Buffer.from('SQLite format 3\0');
export const HEADER_BYTES = 100;
const VERSIONS_AT = 18;
const CHANGES_AT = 24;
const APPLICATION_ID_AT = 68;
const WAL = 2;

/** What the header of a SQLite file says, as it stands in the file itself. */
export interface FileHeader {
  /** Whether it is to be read together with a -wal; else it is in rollback mode. */
  isWal: boolean;
  changeCounter: number;
  applicationId: number;
}

/**
 * Reads the header of a file; undefined where it is no SQLite database. This process must not have the file open by SQLite: to close a
 * descriptor of it would drop all locks that SQLite has on it. Throws what the system says.
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

/** The first bytes of a file, zeros where it has none. As for `readHeader`, this process must not have it open by SQLite. */
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
