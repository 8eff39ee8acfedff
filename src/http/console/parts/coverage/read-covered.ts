import type { SpanCoverage } from '../../../../archive/coverage/coverage-of-span.ts';
import type { LastLook } from '../../../../archive/coverage/last-looks.ts';
import type { AskedPlace } from '../../../../archive/coverage/sources/is-asked-for.ts';
import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';

/** A span of requested time in ISO 8601, and the account and region, if any. */
export interface CoveredSpan extends AskedPlace {
  from?: string | undefined;
  to?: string | undefined;
}

/** A span, and how much of it is covered. `coverage` is undefined if finding out takes longer than a page waits. */
export interface Covered {
  asked: CoveredSpan;
  coverage: SpanCoverage | undefined;
}

/** A page waits at most this long for its coverage. */
const DEADLINE_MS = 2000;

/** Reads how much of a page's span is covered, for CoveredLine. */
export async function readCovered(c: ConsoleContext, deps: ConsoleDeps, asked: CoveredSpan): Promise<Covered> {
  const question = questionOf(deps, asked);
  const read = deps.readers.read('coverageOfSpan', question, readOptions(c, DEADLINE_MS));
  return { asked, coverage: await ifInTime(read) };
}

/** Converts the question into the form that the archive's functions need. */
export function questionOf({ now, settlingMs }: ConsoleDeps, { from, to, accountId, region }: CoveredSpan) {
  return {
    ...{ nowMs: now().getTime(), settlingMs, accountId, region },
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
}

/**
 * When the archive last looked at each account and region, for AsOf; empty if finding out takes longer than a page
 * waits.
 */
export async function readLooks(c: ConsoleContext, deps: ConsoleDeps, asked: AskedPlace = {}): Promise<LastLook[]> {
  return (await ifInTime(deps.readers.read('lastLooks', asked, readOptions(c, DEADLINE_MS)))) ?? [];
}
