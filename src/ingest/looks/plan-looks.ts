import { DAY_MS } from '../../lib/time.ts';

/** Looks aim at the 28th day, which leaves one day for trouble before anything is left out. */
const AIMED_MS = 28 * DAY_MS;

export interface LooksNeeded {
  nowMs: number;
  /** How long ago the last pass looked. The next pass is assumed to come after the same time. */
  intervalMs: number;
  rowsACall: number;
}

/**
 * Returns how many calls this pass has to make so that all invocations are looked at before their 28th day, if each
 * later pass makes as many. `days` has the number of invocations never looked at, by the end of each day, oldest first.
 * A fraction means one call in several passes.
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

/**
 * Returns how many of these calls this pass must make so that the last call is made before invocations requested at
 * `requestedMs` are 28 days old.
 */
export function shareOf(
  calls: number,
  requestedMs: number,
  { nowMs, intervalMs }: Omit<LooksNeeded, 'rowsACall'>,
): number {
  const leftMs = Math.max(requestedMs + AIMED_MS - nowMs, intervalMs);
  return (calls * intervalMs) / leftMs;
}
