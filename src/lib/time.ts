import { setMaxListeners } from 'node:events';

/** The clock. Code that needs the time takes the clock as an argument. */
export type Now = () => Date;

/**
 * Returns ISO 8601 UTC text with milliseconds, the only form of times in the archive. Times in this form can be sorted
 * as text.
 */
export function isoFromMs(ms: number): string {
  return new Date(ms).toISOString();
}

/** Returns a time as AWS's filters expect it: ISO 8601 UTC in whole seconds, rounded down. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Returns the day after an ISO date. */
export function dayAfter(day: string): string {
  return isoFromMs(Date.parse(`${day}T00:00:00.000Z`) + DAY_MS).slice(0, 10);
}

/**
 * Waits this many milliseconds, or until the signal aborts, which is not an error. Any number of waits may share a
 * signal.
 */
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
