import { closeSync, openSync, readSync } from 'node:fs';
import SQLite from 'better-sqlite3';

// The nonce is SQLite's user_version, which nothing else uses: a number in the header of the file.
const USER_VERSION_AT = 60;
const USER_VERSION_BYTES = 4;
const MOST = 0x7fffffff;

/** The nonce as a connection reads it, and as it stands in the file itself, where it comes with a checkpoint of the -wal. */
export interface ReadNonce {
  committed: number;
  inFile: number;
}

/** A nonce that is not the one that was there before. */
export function newNonce(random: (size: number) => Buffer, before: number): number {
  for (;;) {
    const nonce = random(USER_VERSION_BYTES).readUInt32BE() & MOST;
    if (nonce !== 0 && nonce !== before) return nonce;
  }
}

/** Commits the nonce, into the -wal alone. Waits for nobody: false where another process is writing. */
export function commitNonce(sqlite: SQLite.Database, nonce: number): boolean {
  const [waitMs, pages] = ['busy_timeout', 'wal_autocheckpoint'].map((name) => sqlite.pragma(name, { simple: true }));
  sqlite.pragma('busy_timeout = 0');
  sqlite.pragma('wal_autocheckpoint = 0');
  try {
    sqlite.pragma(`user_version = ${nonce}`);
    return true;
  } catch (error) {
    if (error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  } finally {
    sqlite.pragma(`busy_timeout = ${waitMs}`);
    sqlite.pragma(`wal_autocheckpoint = ${pages}`);
  }
}

/** Commits the nonce that the file has anyway. Throws where nothing can be committed; that another process is writing says that it can. */
export function commitUnchanged(sqlite: SQLite.Database): void {
  commitNonce(sqlite, Number(sqlite.pragma('user_version', { simple: true })));
}

/**
 * Brings what is in the -wal into the open file, whatever is at its path by now; false where readers of an older state, or
 * another writer, keep some of it there.
 */
export function emptyWal(sqlite: SQLite.Database): boolean {
  const [moved] = sqlite.prepare<[], Checkpointed>('PRAGMA wal_checkpoint(PASSIVE)').all();
  return moved?.busy === 0 && moved.log === moved.checkpointed;
}

interface Checkpointed {
  busy: number;
  log: number;
  checkpointed: number;
}

/**
 * Reads the nonce both ways. The process must have no other use for the archive: to close the file drops all locks that it has on
 * it, those of SQLite too.
 */
export function readNonce(sqlite: SQLite.Database): ReadNonce {
  const committed = Number(sqlite.pragma('user_version', { simple: true }));
  const header = Buffer.alloc(USER_VERSION_BYTES);
  const file = openSync(sqlite.name, 'r');
  try {
    readSync(file, header, 0, USER_VERSION_BYTES, USER_VERSION_AT);
  } finally {
    closeSync(file);
  }
  return { committed, inFile: header.readInt32BE() };
}
