import { isoFromMs } from '../../../../lib/time.ts';
import type { Range } from '../read-range.ts';

/** What of a range was asked for, in ISO times. Where no end was given, none is asked for: what is shown ends with today, which is not over. */
export function askedOf({ typed, fromMs, beforeMs, faults }: Range): { from?: string; to?: string } {
  if (faults.length > 0) return {};
  return {
    // With an end alone, the form shows a start too, and what is said is of what it shows.
    ...(Object.keys(typed).length > 0 && { from: isoFromMs(fromMs) }),
    ...(typed.to !== undefined && { to: isoFromMs(beforeMs) }),
  };
}

/** The range that is shown, up to what has settled by now where no end was given. */
export function shownOf(range: Range): { from: string; to?: string } {
  const { to } = askedOf(range);
  return { from: isoFromMs(range.fromMs), ...(to !== undefined && { to }) };
}
