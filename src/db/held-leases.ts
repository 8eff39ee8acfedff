import type { Database } from 'better-sqlite3';
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts';

/** The holder of a lease, or a process that wants one. `id` is unique to one pass or one server. */
export interface LeaseHolder {
  id: string;
  host: string;
  pid: number;
}

export interface LeaseRow {
  name: string;
  holder: string;
  host: string;
  pid: number;
  taken_at: string;
  expires_at: string;
}

/** How long a lease counts without being renewed. If its holder dies on another host, the next one waits this long. */
export const LEASE_MS = 60 * SECOND_MS;

/** The names of servers' leases begin with this. Any number of servers may have an archive open. */
export const SERVER_LEASE = 'serve:';

/**
 * How long a server's lease counts without being renewed: longer than a pass's lease, because an idle server writes
 * nothing else. On the same host, a dead server is recognized at once by its process.
 */
export const SERVER_LEASE_MS = 5 * MINUTE_MS;

/**
 * Whether a lease counts. A lease does not count if it has expired, if it expires later than a lease can (the clock was
 * set back), or if it belongs to a process of this host that has ended.
 */
export function isHeld(row: LeaseRow, wanting: LeaseHolder, nowMs: number, isAlive: (pid: number) => boolean): boolean {
  const leftMs = Date.parse(row.expires_at) - nowMs;
  const lifeMs = row.name.startsWith(SERVER_LEASE) ? SERVER_LEASE_MS : LEASE_MS;
  if (leftMs <= 0 || leftMs > 2 * lifeMs) return false;
  if (row.host !== wanting.host) return true;
  // In a container every process may have number 1, so a lease with our own number on our own host may be from an
  // earlier process.
  return row.pid === wanting.pid ? row.holder.split(':')[0] === wanting.id.split(':')[0] : isAlive(row.pid);
}

/** Deletes the leases of servers that have ended. */
export function dropDeadServers(
  sqlite: Database,
  wanting: LeaseHolder,
  nowMs: number,
  isAlive: (pid: number) => boolean,
): void {
  for (const lease of listLeases(sqlite))
    if (lease.name.startsWith(SERVER_LEASE) && !isHeld(lease, wanting, nowMs, isAlive))
      sqlite.prepare('DELETE FROM leases WHERE name = ?').run(lease.name);
}

/** Returns all leases of an archive; none if its version had no leases yet, or if the file is not an archive. */
export function listLeases(sqlite: Database): LeaseRow[] {
  const has = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'leases'").get();
  return has === undefined ? [] : sqlite.prepare<[], LeaseRow>('SELECT * FROM leases ORDER BY name').all();
}

/** Returns a lease as part of a sentence. */
export function nameLease({ name, pid, host, taken_at }: LeaseRow): string {
  const what = name.startsWith(SERVER_LEASE) ? 'a server' : name === 'seal' ? 'sealing or pruning' : 'a pass';
  return `${what}, process ${pid} on ${host} since ${taken_at},`;
}
