import { HOUR_MS, isoFromMs } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';

/**
 * The beginning of a covered span. All of it was listed, but the service may no longer have shown later invocations of
 * commands that were sent before `from`. Up to `to`, the archive may lack some of these.
 */
export interface CoverageEdge {
  from: string;
  to: string;
  cause: string;
}

/** Returns an edge with a sentence that explains it and names the assumption behind it. */
export function describeEdge({ from, to }: Span, spreadMs: number): CoverageEdge {
  const cause = `Commands sent before ${isoFromMs(from)} may have later invocations here that the service no longer showed. It is assumed that no invocation is requested more than ${hours(spreadMs)} after its command.`;
  return { from: isoFromMs(from), to: isoFromMs(to), cause };
}

/** Such as `48 hours`. Rounds up to a tenth of an hour. */
export function hours(ms: number): string {
  const count = Math.ceil((ms / HOUR_MS) * 10) / 10;
  return count === 1 ? '1 hour' : `${count} hours`;
}
