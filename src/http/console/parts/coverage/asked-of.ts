import { isoFromMs } from '../../../../lib/time.ts';
import type { Range } from '../range/read-range.ts';

/**
 * The ends of a range that were typed, in ISO times. If no end was typed, the page shows today, which is not over; so
 * its end is not included.
 */
export function askedOf({ typed, fromMs, beforeMs, faults }: Range): { from?: string; to?: string } {
  if (faults.length > 0) return {};
  return {
    // If only an end is typed, the form also shows a start, and coverage has to be about what the form shows.
    ...(Object.keys(typed).length > 0 && { from: isoFromMs(fromMs) }),
    ...(typed.to !== undefined && { to: isoFromMs(beforeMs) }),
  };
}

/** The range that is shown; if no end was given, only up to what has settled by now. */
export function shownOf(range: Range): { from: string; to?: string } {
  const { to } = askedOf(range);
  return { from: isoFromMs(range.fromMs), ...(to !== undefined && { to }) };
}
