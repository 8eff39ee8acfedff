import { isoFromMs } from '../../../../lib/time.ts';
import type { Range } from '../range/read-range.ts';

/**
 * The typed start and end of a range, as ISO times. If no end was typed, the page shows all of today. But today is not
 * over, so the result has no end.
 */
export function askedOf({ typed, fromMs, beforeMs, faults }: Range): { from?: string; to?: string } {
  if (faults.length > 0) return {};
  return {
    // If only an end was typed, the form also shows a start. Coverage must be about what the form shows.
    ...(Object.keys(typed).length > 0 && { from: isoFromMs(fromMs) }),
    ...(typed.to !== undefined && { to: isoFromMs(beforeMs) }),
  };
}

/**
 * The range that the page shows. If no end was typed, `to` is absent: the range then ends at the last time that has
 * settled by now.
 */
export function shownOf(range: Range): { from: string; to?: string } {
  const { to } = askedOf(range);
  return { from: isoFromMs(range.fromMs), ...(to !== undefined && { to }) };
}
