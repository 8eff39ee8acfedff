import { closeSync, openSync, readSync } from 'node:fs';
import SQLite from 'better-sqlite3';

// The nonce is SQLite's user_version, a number in the file's header that nothing else uses.
const USER_VERSION_AT = 60;
const USER_VERSION_BYTES = 4;
const MOST = 0x7fffffff;

/**
 * `committed`: the nonce that a connection reads. `inFile`: the nonce in the main file; it is updated when SQLite
 * copies the -wal into that file.
 */
export interface ReadNonce {
  committed: number;
  inFile: number;
}

/** Returns a nonce that differs from the one before. */
export function newNonce(random: (size: number) => Buffer, before: number): number {
  for (;;) {
    const nonce = random(USER_VERSION_BYTES).readUInt32BE() & MOST;
    if (nonce !== 0 && nonce !== before) return nonce;
  }
}

/** Commits the nonce, into the -wal only. Does not wait: returns false if another process is writing. */
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

/**
 * Commits the nonce that the file already has. Throws if nothing can be committed. If another process is writing,
 * commits are possible, so that is not an error.
 */
export function commitUnchanged(sqlite: SQLite.Database): void {
  commitNonce(sqlite, Number(sqlite.pragma('user_version', { simple: true })));
}

/**
 * Moves the content of the -wal into the open file, even if another file is at its path by now. Returns false if a part
 * of it must stay there, because of readers of an older state or another writer.
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
 * Reads the committed nonce, and the nonce in the main file. The process must not use the archive in any other way:
 * closing the file drops all of the process's locks on it, including SQLite's.
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
