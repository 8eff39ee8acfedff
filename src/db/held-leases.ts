import type { Database } from 'better-sqlite3';
import { MINUTE_MS, SECOND_MS } from '../lib/time.ts';

/** Who holds or wants a lease. `id` is unique to one pass, or to one server. */
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

/** How long a lease lives without being renewed, and so how long one that died elsewhere delays the next one. */
export const LEASE_MS = 60 * SECOND_MS;

/** What the names of leases of servers begin with: any number of servers may have an archive open. */
export const SERVER_LEASE = 'serve:';

/** The same of a server, which writes nothing else while it is idle: on its own host a dead one is known by its process at once. */
export const SERVER_LEASE_MS = 5 * MINUTE_MS;

/**
 * Whether a lease counts: not once it has expired, where it lies further ahead than one can (the clock was set back), or where it belonged
 * to a process of this host that is no more.
 */
export function isHeld(row: LeaseRow, wanting: LeaseHolder, nowMs: number, isAlive: (pid: number) => boolean): boolean {
  const leftMs = Date.parse(row.expires_at) - nowMs;
  const lifeMs = row.name.startsWith(SERVER_LEASE) ? SERVER_LEASE_MS : LEASE_MS;
  if (leftMs <= 0 || leftMs > 2 * lifeMs) return false;
  if (row.host !== wanting.host) return true;
  // In a container every process may be number 1: our own number on our own host is a predecessor's.
  return row.pid === wanting.pid ? row.holder.split(':')[0] === wanting.id.split(':')[0] : isAlive(row.pid);
}

/** Takes away what servers have left that are no more. */
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

/** All leases of an archive; none where it is of before there were any, or no archive. */
export function listLeases(sqlite: Database): LeaseRow[] {
  const has = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'leases'").get();
  return has === undefined ? [] : sqlite.prepare<[], LeaseRow>('SELECT * FROM leases ORDER BY name').all();
}

/** A lease as a sentence names it. */
export function nameLease({ name, pid, host, taken_at }: LeaseRow): string {
  const what = name.startsWith(SERVER_LEASE) ? 'a server' : 'a pass';
  return `${what}, process ${pid} on ${host} since ${taken_at},`;
}
