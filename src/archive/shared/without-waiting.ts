import type { Database } from 'better-sqlite3';

/**
 * Writes without waiting for the disk. SQLite's log keeps the order: after a power cut the write may be missing, but never
 * stands there without those before it, and the next write that waits settles it too.
 */
export function withoutWaiting<Result>(sqlite: Database, write: () => Result): Result {
  sqlite.pragma('synchronous = NORMAL');
  try {
    return write();
  } finally {
    sqlite.pragma('synchronous = FULL');
  }
}
