import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createLeaseRenewal, PassRunning, RENEW_AFTER_MS, releaseLease, takeLease } from '../../archive/file/lease.ts';
import type { LeaseHolder } from '../../db/held-leases.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isAlive } from '../../lib/process/is-alive.ts';
import { type Now, SECOND_MS, sleep } from '../../lib/time.ts';

const processId = randomUUID();
let passes = 0;

/** The lease on collecting, held by this process and renewed until released. */
export interface HeldLease {
  holder: LeaseHolder;
  /** Renews it now; throws LeaseLost where another collector has it. */
  renew(nowMs: number): void;
  release(): void;
}

interface HoldDeps {
  db: ArchiveDb;
  now: Now;
  signal: AbortSignal;
  /** Waits for a running pass to end in place of failing; told the sentence once. */
  onWait?: ((sentence: string) => void) | undefined;
}

/**
 * Takes the lease and renews it on a timer, so that a pass that waits for a throttled service keeps it. Throws
 * PassRunning where another pass has it, unless `onWait` is given: then it waits until that ends or the signal aborts.
 */
export async function holdLease({ db, now, signal, onWait }: HoldDeps): Promise<HeldLease> {
  passes += 1;
  const holder: LeaseHolder = { id: `${processId}:${passes}`, host: hostname(), pid: process.pid };
  let isWaiting = false;
  for (;;) {
    try {
      takeLease({ sqlite: db.sqlite, isAlive }, holder, now().getTime());
      break;
    } catch (error) {
      if (!(error instanceof PassRunning) || !onWait || signal.aborted) throw error;
      if (!isWaiting) onWait(error.message.replace(/ Nothing was done\..*/, ' Waiting for it to end.'));
      isWaiting = true;
      await sleep(SECOND_MS, signal);
    }
  }
  const renew = createLeaseRenewal(db.sqlite, holder.id);
  const timer = setInterval(() => {
    try {
      renew(now().getTime());
    } catch {
      // The next reply's transaction meets the same and ends the pass with its sentence.
      clearInterval(timer);
    }
  }, RENEW_AFTER_MS);
  timer.unref();
  return {
    holder,
    renew,
    release() {
      clearInterval(timer);
      releaseLease(db.sqlite, holder.id);
    },
  };
}
