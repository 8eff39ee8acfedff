import type { BucketCoverage } from '../../../../archive/coverage/coverage-of-buckets.ts';
import type { AskedPlace } from '../../../../archive/coverage/sources/is-asked-for.ts';
import { isoFromMs } from '../../../../lib/time.ts';
import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';
import { isHatched } from './hatch.tsx';
import { shortInstant } from './path-of-coverage.ts';
import { questionOf } from './read-covered.ts';

/**
 * The times of runs in order, with the present time at the end; and what is collected between each time and the next.
 */
export interface RunGaps {
  times: readonly string[];
  between: readonly BucketCoverage[];
}

const DEADLINE_MS = 2000;

/**
 * Reads how much of the time between runs is collected, because there may be runs that are not known. `between` is
 * empty if finding out takes too long.
 */
export async function readRunGaps(
  c: ConsoleContext,
  deps: ConsoleDeps,
  { requestedAts, ...place }: AskedPlace & { requestedAts: readonly (string | null)[] },
): Promise<RunGaps> {
  const known = [...new Set(requestedAts.filter((at) => at !== null))].sort();
  const [from] = known;
  if (from === undefined) return { times: [], between: [] };
  const times = [...known, isoFromMs(deps.now().getTime())];
  const question = { ...questionOf(deps, { ...place, from }), ends: times.map((at) => Date.parse(at)) };
  const read = deps.readers.read('coverageOfBuckets', question, readOptions(c, DEADLINE_MS));
  return { times, between: (await ifInTime(read)) ?? [] };
}

/**
 * A sentence for a chart if part of the time between two runs, or from the last run until now, is not collected; else
 * undefined.
 */
export function gapBetween({ times, between }: RunGaps, from: string | null, to: string | null): string | undefined {
  const end = to ?? times.at(-1);
  if (from === null || end === undefined) return undefined;
  const parts = between.filter((_, n) => (times[n] ?? '') >= from && (times[n + 1] ?? end) <= end);
  if (!parts.some(isHatched)) return undefined;
  return `Between ${shortInstant(from)} and ${to === null ? 'now' : shortInstant(end)} not everything was collected, so there may be runs that are not shown here.`;
}
