import { setMaxListeners } from 'node:events';

/** The clock, passed in wherever time matters. */
export type Now = () => Date;

/** ISO 8601 UTC text with milliseconds, the archive's one form of a time: text order is time order. */
export function isoFromMs(ms: number): string {
  return new Date(ms).toISOString();
}

/** A time as AWS's filters read it: ISO 8601 UTC in whole seconds, rounded down. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Waits that many milliseconds, or until the signal aborts; then it simply returns. Any number may wait on a signal. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    if (signal) setMaxListeners(0, signal);
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
