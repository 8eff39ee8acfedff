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
  /** Whether its file is the one at the path: nothing is written into another. */
  isHere(): boolean;
  now: Now;
}

/** A server's own lease, which it has for its whole life. */
export interface ServerLease {
  /** Gives it back. */
  close(): void;
}

const RENEW_MS = 2 * MINUTE_MS;
/** Where another process is writing, or the disk is full. */
const RETRY_MS = 2 * SECOND_MS;

/**
 * Says in the archive that a server has it open, and says so again until it is closed, so that nobody migrates the file beneath it or takes a
 * copy of it without its -wal for the whole. Any number of servers may have one archive. Leases of servers that are no more go. It waits for
 * nobody, and where it can't write it tries again: a lease is no reason to be slower, or to end.
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
      // A lease that can't be given back ends by itself, once it is not renewed.
      if (isHere())
        tryToWrite(writer(), (sqlite) => void sqlite.prepare('DELETE FROM leases WHERE name = ?').run(name));
    },
  };
}

/** Writes something of which nothing depends, at once or not at all. */
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
