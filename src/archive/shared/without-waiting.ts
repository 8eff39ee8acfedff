import type { Database } from 'better-sqlite3';

/**
 * Writes without waiting for the disk. SQLite's log keeps the order: after a power cut this write may be missing, but
 * never an earlier write alone. The next write that waits for the disk makes this one durable too.
 */
export function withoutWaiting<Result>(sqlite: Database, write: () => Result): Result {
  sqlite.pragma('synchronous = NORMAL');
  try {
    return write();
  } finally {
    sqlite.pragma('synchronous = FULL');
  }
}
