import type { Database } from 'better-sqlite3';
import { dropDeadServers, isHeld, LEASE_MS, type LeaseHolder, type LeaseRow } from '../../db/held-leases.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { isoFromMs } from '../../lib/time.ts';

/** How often a lease is renewed. */
export const RENEW_AFTER_MS = LEASE_MS / 4;

/** Another collector is working on this file. */
export class PassRunning extends UserFault {
  override name = 'PassRunning';
}

/** Another collector took over the lease. This collector must not write what it still has in memory. */
export class LeaseLost extends UserFault {
  override name = 'LeaseLost';
}

/** Days of this file are being sealed, or it is being pruned. */
export class SealRunning extends UserFault {
  override name = 'SealRunning';
}

/** What a lease is on: collecting into an archive, or removing rows of days from it. */
export type LeaseName = 'collect' | 'seal';

const SENTENCES = {
  collect: {
    busy: 'Another pass is collecting into this archive',
    advice: 'Wait for it to end (or add --wait), or stop that process.',
    lost: 'Another collector took over while this one was not running. This pass ends; what it has written is kept.',
  },
  seal: {
    busy: 'Days of this archive are being sealed or unsealed, or it is being pruned',
    advice: 'Wait for that to end, or stop that process.',
    lost: 'Another process took over sealing while this one was not running. This one ends; what it has written is kept.',
  },
} as const satisfies Record<LeaseName, object>;

interface LeaseDeps {
  sqlite: Database;
  /** Whether a process of this machine is running. */
  isAlive(pid: number): boolean;
}

/**
 * Takes the lease on collecting, or on sealing. Throws PassRunning or SealRunning, which names the holder, if another
 * process has it. A lease counts as free if it has expired, if it ends later than possible (the clock was set back), or if its process ran on this
 * host and has ended.
 */
export function takeLease(
  { sqlite, isAlive }: LeaseDeps,
  holder: LeaseHolder,
  nowMs: number,
  name: LeaseName = 'collect',
): void {
  sqlite
    .transaction(() => {
      const row = sqlite.prepare<[string], LeaseRow>('SELECT * FROM leases WHERE name = ?').get(name);
      if (row && isHeld(row, holder, nowMs, isAlive)) {
        const { busy, advice } = SENTENCES[name];
        const sentence = `${busy}: process ${row.pid} on ${row.host}, since ${row.taken_at}. Nothing was done. ${advice}`;
        throw name === 'collect' ? new PassRunning(sentence) : new SealRunning(sentence);
      }
      dropDeadServers(sqlite, holder, nowMs, isAlive);
      sqlite
        .prepare(
          'INSERT OR REPLACE INTO leases (name, holder, host, pid, taken_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(name, holder.id, holder.host, holder.pid, isoFromMs(nowMs), isoFromMs(nowMs + LEASE_MS));
    })
    .immediate();
}

/** Which process is collecting into this archive; undefined if the lease counts as free. */
export function readLease(
  { sqlite, isAlive }: LeaseDeps,
  reader: Pick<LeaseHolder, 'host' | 'pid'>,
  nowMs: number,
): { host: string; pid: number; takenAt: string } | undefined {
  const row = sqlite.prepare<[], LeaseRow>("SELECT * FROM leases WHERE name = 'collect'").get();
  if (!row || !isHeld(row, { ...reader, id: '' }, nowMs, isAlive)) return undefined;
  return { host: row.host, pid: row.pid, takenAt: row.taken_at };
}

/**
 * Renews the lease. Call it within each transaction: if the lease is lost, it throws LeaseLost, so that nothing of the
 * transaction is written.
 */
export function createLeaseRenewal(
  sqlite: Database,
  holderId: string,
  name: LeaseName = 'collect',
): (nowMs: number) => void {
  const renew = sqlite.prepare('UPDATE leases SET expires_at = ? WHERE name = ? AND holder = ?');
  return (nowMs) => {
    if (renew.run(isoFromMs(nowMs + LEASE_MS), name, holderId).changes === 0) throw new LeaseLost(SENTENCES[name].lost);
  };
}

/** Gives the lease back, if this holder still has it. */
export function releaseLease(sqlite: Database, holderId: string, name: LeaseName = 'collect'): void {
  sqlite.prepare('DELETE FROM leases WHERE name = ? AND holder = ?').run(name, holderId);
}
