import { setMaxListeners } from 'node:events';

/** The clock. Code that needs the time takes the clock as an argument. */
export type Now = () => Date;

/** The texts of so many days are kept. */
const MOST_DAYS = 1000;
const DAY_TEXT_CHARACTERS = 'YYYY-MM-DDT'.length;
const dayTexts = new Map<number, string>();
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/**
 * Returns ISO 8601 UTC text with milliseconds, the only form of times in the archive. Times in this form can be sorted
 * as text. It is what Date makes, in a fifth of the time: an invocation has four times, and most are of few days.
 */
export function isoFromMs(ms: number): string {
  const whole = Math.trunc(ms);
  const day = Math.floor(whole / DAY_MS);
  const rest = whole - day * DAY_MS;
  const minutes = Math.floor(rest / 60_000);
  const seconds = Math.floor(rest / 1000) % 60;
  const time = `${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds]}`;
  return `${dayTexts.get(day) ?? dayText(day, ms)}${time}.${THREE_DIGITS[rest % 1000]}Z`;
}

/** Returns the text of a day up to and with the T. Throws Date's RangeError if there is no such time. */
function dayText(day: number, ms: number): string {
  const text = new Date(ms).toISOString();
  const begin = text.slice(0, text.indexOf('T') + 1);
  if (dayTexts.size >= MOST_DAYS) dayTexts.clear();
  // The last day of Date is not whole, so a day of a far year is asked for again.
  if (begin.length === DAY_TEXT_CHARACTERS) dayTexts.set(day, begin);
  return begin;
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
