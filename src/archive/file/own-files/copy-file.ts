import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import SQLite from 'better-sqlite3';

const BUSY_TIMEOUT_MS = 5000;
const ONLY_OWNER = 0o600;

/**
 * Copies a SQLite file in its present state, with the content of its -wal, even while others write to it. Only the
 * owner may read the copy.
 */
export function copyDatabase(from: string, to: string): boolean {
  return copyWhole(to, (temporary) => {
    closeSync(openSync(temporary, 'wx', ONLY_OWNER));
    const sqlite = new SQLite(from, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      sqlite.prepare('VACUUM INTO ?').run(temporary);
    } finally {
      sqlite.close();
    }
  });
}

/** Copies a file that other processes never change, but may replace with another file. */
export function copyText(from: string, to: string): boolean {
  return copyWhole(to, (temporary) => writeFileSync(temporary, readFileSync(from), { flag: 'wx' }));
}

/**
 * Returns false if the file exists already, because a link never replaces a file. So if two starts copy at once, only
 * one succeeds, and neither replaces a file in use.
 */
function copyWhole(to: string, copy: (temporary: string) => void): boolean {
  const temporary = `${to}.${randomUUID()}.tmp`;
  try {
    copy(temporary);
    const file = openSync(temporary, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(temporary, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
