import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database } from 'better-sqlite3';
import { dropDeadServers, type LeaseHolder, SERVER_LEASE, SERVER_LEASE_MS } from '../../db/held-leases.ts';
import { isAlive } from '../../lib/process/is-alive.ts';
import { isoFromMs, MINUTE_MS, type Now, SECOND_MS } from '../../lib/time.ts';
import { withoutWaiting } from '../shared/without-waiting.ts';

interface ServerLeaseDeps {
  /** The connection that writes. */
  writer(): Database;
  /** Whether the connection's file is still the one at the path. If it is not, nothing is written. */
  isHere(): boolean;
  now: Now;
}

/** The lease of a server. The server keeps it while it runs. */
export interface ServerLease {
  /** Gives the lease back. */
  close(): void;
}

const RENEW_MS = 2 * MINUTE_MS;
/** When to try again if the lease could not be written. */
const RETRY_MS = 2 * SECOND_MS;

/**
 * Writes a lease into the archive, which says that a server has it open, and renews it until the server closes. So no
 * other process migrates the open file, or takes a copy without its -wal for the whole archive. Any number of servers
 * may use one archive. Removes the leases of servers that have ended. Never waits for a lock, but tries again later,
 * because a lease must not slow the server down or end it.
 */
export function holdServerLease({ writer, isHere, now }: ServerLeaseDeps): ServerLease {
  const holder: LeaseHolder = { id: randomUUID(), host: hostname(), pid: process.pid };
  const name = SERVER_LEASE + holder.id;
  const takenAt = isoFromMs(now().getTime());
  let timer: NodeJS.Timeout | undefined;

  function renew(): void {
    const isWritten = !isHere() || tryToWrite(writer(), write);
    timer = setTimeout(renew, isWritten ? RENEW_MS : RETRY_MS);
    timer.unref();
  }

  function write(sqlite: Database): void {
    const nowMs = now().getTime();
    dropDeadServers(sqlite, holder, nowMs, isAlive);
    sqlite
      .prepare(
        'INSERT OR REPLACE INTO leases (name, holder, host, pid, taken_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(name, holder.id, holder.host, holder.pid, takenAt, isoFromMs(nowMs + SERVER_LEASE_MS));
  }

  renew();
  return {
    close() {
      clearTimeout(timer);
      // If the lease can't be deleted, it expires because nobody renews it.
      if (isHere())
        tryToWrite(writer(), (sqlite) => void sqlite.prepare('DELETE FROM leases WHERE name = ?').run(name));
    },
  };
}

/** Writes without waiting for a lock. Returns false if that was not possible. */
function tryToWrite(sqlite: Database, write: (sqlite: Database) => void): boolean {
  const waitMs = sqlite.pragma('busy_timeout', { simple: true });
  sqlite.pragma('busy_timeout = 0');
  try {
    withoutWaiting(sqlite, sqlite.transaction(() => write(sqlite)).immediate);
    return true;
  } catch {
    return false;
  } finally {
    sqlite.pragma(`busy_timeout = ${waitMs}`);
  }
}
