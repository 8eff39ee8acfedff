import { setMaxListeners } from 'node:events';
import { CallLate, Interrupted } from '../errors.ts';
import { STOP_GRACE_MS } from './outgoing.ts';

/** The limits of a call. They apply whatever its peer does. */
export interface CallBounds {
  /** How long the call may take, from its beginning to the last byte. */
  wholeMs: number;
  /** Aborts when the process is told to stop. */
  stopped: AbortSignal;
  /** How long the call may still take after the process was told to stop. */
  graceMs?: number | undefined;
}

/** A call under way: `signal` aborts with CallLate or Interrupted, and `ended` must be called at its end. */
export interface BoundCall {
  signal: AbortSignal;
  /** Rejects as soon as the signal aborts. For work that can't be broken off: it goes on, and nobody waits for it. */
  orAborted<T>(work: Promise<T>): Promise<T>;
  ended(): void;
}

/** Begins a call that ends within its limits. */
export function boundCall({ wholeMs, stopped, graceMs = STOP_GRACE_MS }: CallBounds): BoundCall {
  const controller = new AbortController();
  const { signal } = controller;
  let grace: NodeJS.Timeout | undefined;
  const late = setTimeout(() => controller.abort(new CallLate(wholeMs)), wholeMs);
  const stop = () => {
    grace ??= setTimeout(() => controller.abort(new Interrupted()), graceMs);
  };
  // Many calls are under way at a time, and each adds a listener: without this, Node warns of a leak.
  setMaxListeners(0, stopped);
  if (stopped.aborted) stop();
  else stopped.addEventListener('abort', stop, { once: true });
  return {
    signal,
    orAborted(work) {
      return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason);
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort, { once: true });
        work.then(resolve, reject);
      });
    },
    ended() {
      clearTimeout(late);
      clearTimeout(grace);
      stopped.removeEventListener('abort', stop);
    },
  };
}
