import { DAY_MS } from '../../lib/time.ts';

/** Looks aim at the 28th day, so that a day of trouble leaves nothing out. */
const AIMED_MS = 28 * DAY_MS;

export interface LooksNeeded {
  nowMs: number;
  /** How long ago the last pass looked: as long as until the next, as far as is known. */
  intervalMs: number;
  rowsACall: number;
}

/**
 * How many calls this pass has to make, so that each day's invocations are looked at before their 28th day when all passes make as many:
 * `days` has what is not looked at yet, oldest first, by the end of each. A fraction is a call now and then.
 */
export function callsForDays(
  days: readonly { endMs: number; count: number }[],
  { nowMs, intervalMs, rowsACall }: LooksNeeded,
): number {
  let needed = 0;
  let calls = 0;
  for (const { endMs, count } of days) {
    calls += count / rowsACall;
    needed = Math.max(needed, shareOf(calls, endMs, { nowMs, intervalMs }));
  }
  return needed;
}

/** Of so many calls, those that are for this pass, if the last of them may be made when what was requested then is 28 days old. */
export function shareOf(
  calls: number,
  requestedMs: number,
  { nowMs, intervalMs }: Omit<LooksNeeded, 'rowsACall'>,
): number {
  const leftMs = Math.max(requestedMs + AIMED_MS - nowMs, intervalMs);
  return (calls * intervalMs) / leftMs;
}
