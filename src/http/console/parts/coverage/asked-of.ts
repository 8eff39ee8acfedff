import { isoFromMs } from '../../../../lib/time.ts';
import type { Range } from '../range/read-range.ts';

/** The ends of a range that were typed, in ISO times. The end of today, which is shown where none was typed, is not among them: it is not over. */
export function askedOf({ typed, fromMs, beforeMs, faults }: Range): { from?: string; to?: string } {
  if (faults.length > 0) return {};
  return {
    // If only an end is typed, the form shows a start too, and coverage is told of what it shows.
    ...(Object.keys(typed).length > 0 && { from: isoFromMs(fromMs) }),
    ...(typed.to !== undefined && { to: isoFromMs(beforeMs) }),
  };
}

/** The range that is shown, up to what has settled by now where no end was given. */
export function shownOf(range: Range): { from: string; to?: string } {
  const { to } = askedOf(range);
  return { from: isoFromMs(range.fromMs), ...(to !== undefined && { to }) };
}
