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
  /** Whether the connection's file is the one at the path. If not, nothing is written. */
  isHere(): boolean;
  now: Now;
}

/** A server's own lease, which it keeps as long as it runs. */
export interface ServerLease {
  /** Gives the lease back. */
  close(): void;
}

const RENEW_MS = 2 * MINUTE_MS;
/** SQLite's codes if another process is writing, or the disk is full. */
const RETRY_MS = 2 * SECOND_MS;

/**
 * Notes in the archive that a server has it open, and renews the note until the server closes. So no process migrates
 * the file while it is open, or mistakes a copy without its -wal for the whole archive. Any number of servers may use
 * one archive. Leases of servers that have ended are removed. It waits for nobody, and tries again if it can't write: a
 * lease must not make the server slower, or end it.
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
      // If a lease can't be given back, it expires once it is no longer renewed.
      if (isHere())
        tryToWrite(writer(), (sqlite) => void sqlite.prepare('DELETE FROM leases WHERE name = ?').run(name));
    },
  };
}

/** Writes something on which nothing else depends, at once or not at all. */
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
