import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  createLeaseRenewal,
  type LeaseName,
  PassRunning,
  RENEW_AFTER_MS,
  releaseLease,
  SealRunning,
  takeLease,
} from '../../archive/file/lease.ts';
import type { LeaseHolder } from '../../db/held-leases.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isAlive } from '../../lib/process/is-alive.ts';
import { type Now, SECOND_MS, sleep } from '../../lib/time.ts';

const processId = randomUUID();
let passes = 0;

/** The lease on collecting, or on sealing. This process holds and renews it until it is released. */
export interface HeldLease {
  holder: LeaseHolder;
  /** Renews the lease now; throws LeaseLost if another collector has it. */
  renew(nowMs: number): void;
  release(): void;
}

export interface HoldDeps {
  db: Pick<ArchiveDb, 'sqlite'>;
  /** The lease on collecting, by default. */
  name?: LeaseName;
  now: Now;
  signal: AbortSignal;
  /** If given, this pass waits while another one runs, and calls this once with a sentence that says so. */
  onWait?: ((sentence: string) => void) | undefined;
}

/**
 * Takes the lease and renews it on a timer, so that a pass keeps it while it waits for a throttled service. If another
 * process has the lease, it throws PassRunning or SealRunning; with `onWait`, it waits until that one ends or the signal
 * aborts.
 */
export async function holdLease({ db, name = 'collect', now, signal, onWait }: HoldDeps): Promise<HeldLease> {
  passes += 1;
  const holder: LeaseHolder = { id: `${processId}:${passes}`, host: hostname(), pid: process.pid };
  let isWaiting = false;
  for (;;) {
    try {
      takeLease({ sqlite: db.sqlite, isAlive }, holder, now().getTime(), name);
      break;
    } catch (error) {
      const isBusy = error instanceof PassRunning || error instanceof SealRunning;
      if (!isBusy || !onWait || signal.aborted) throw error;
      if (!isWaiting) onWait(error.message.replace(/ Nothing was done\..*/, ' Waiting until it ends.'));
      isWaiting = true;
      await sleep(SECOND_MS, signal);
    }
  }
  const renew = createLeaseRenewal(db.sqlite, holder.id, name);
  const timer = setInterval(() => {
    try {
      renew(now().getTime());
    } catch {
      // The transaction of the next reply will fail with the same error, which ends the pass.
      clearInterval(timer);
    }
  }, RENEW_AFTER_MS);
  timer.unref();
  return {
    holder,
    renew,
    release() {
      clearInterval(timer);
      releaseLease(db.sqlite, holder.id, name);
    },
  };
}
