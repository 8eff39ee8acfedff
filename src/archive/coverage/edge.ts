import { HOUR_MS, isoFromMs } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';

/**
 * The beginning of a covered span: all of it was listed, but of commands that were sent before `from` the service may no longer have
 * shown the invocations that came later. Up to `to` there may be some that the archive has not.
 */
export interface CoverageEdge {
  from: string;
  to: string;
  cause: string;
}

/** An edge, and what it rests on, in words. */
export function describeEdge({ from, to }: Span, spreadMs: number): CoverageEdge {
  const cause = `Commands sent before ${isoFromMs(from)} may have later invocations here that the service no longer showed. It is assumed that none is requested more than ${hours(spreadMs)} after its command.`;
  return { from: isoFromMs(from), to: isoFromMs(to), cause };
}

/** `48 hours`; a fraction to a tenth, rounded up. */
export function hours(ms: number): string {
  const count = Math.ceil((ms / HOUR_MS) * 10) / 10;
  return count === 1 ? '1 hour' : `${count} hours`;
}
