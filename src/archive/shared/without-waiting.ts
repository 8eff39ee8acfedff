import type { Database } from 'better-sqlite3';

/**
 * Writes without waiting for the disk. SQLite's log keeps the order: after a power cut this write may be missing, but
 * it never survives without earlier writes. The next write that waits makes it durable too.
 */
export function withoutWaiting<Result>(sqlite: Database, write: () => Result): Result {
  sqlite.pragma('synchronous = NORMAL');
  try {
    return write();
  } finally {
    sqlite.pragma('synchronous = FULL');
  }
}
