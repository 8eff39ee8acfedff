import type { BucketCoverage } from '../../../../archive/coverage/coverage-of-buckets.ts';
import type { AskedPlace } from '../../../../archive/coverage/sources/is-asked-for.ts';
import { ifInTime } from '../../../../processes/pool/if-in-time.ts';
import { type ConsoleContext, type ConsoleDeps, readOptions } from '../../console-deps.ts';
import type { Buckets } from '../range/buckets.ts';
import type { Range } from '../range/read-range.ts';
import { shownOf } from './asked-of.ts';
import { type Covered, questionOf, readCovered } from './read-covered.ts';

/** A page waits at most this long for the coverage of a chart. */
const DEADLINE_MS = 2000;

/** How much of a chart's span is covered: for the whole span, and for each bucket. */
export interface CoveredChart {
  line: Covered;
  buckets: readonly BucketCoverage[] | undefined;
}

/** Reads how much of a chart's span is covered, in all accounts and regions or only in those of the chart. */
export async function readCoveredChart(
  c: ConsoleContext,
  deps: ConsoleDeps,
  { range, buckets: { all }, place = {} }: { range: Range; buckets: Buckets; place?: AskedPlace },
): Promise<CoveredChart> {
  const { accountId, region } = place;
  const asked = { ...shownOf(range), accountId, region };
  const ends = [...all.map(({ from }) => from), ...all.slice(-1).map(({ before }) => before)].map((at) =>
    Date.parse(at),
  );
  const read = deps.readers.read(
    'coverageOfBuckets',
    { ...questionOf(deps, asked), ends },
    readOptions(c, DEADLINE_MS),
  );
  const [line, buckets] = await Promise.all([readCovered(c, deps, asked), ifInTime(read)]);
  return { line, buckets };
}
