import type { BucketCoverage } from '../../../../archive/coverage/coverage-of-buckets.ts';
import { kindOfStatus, STATUS_KINDS, type StatusKind } from '../../../../model/final-status.ts';
import { COVERAGE_SAYS, Hatched, HatchedKey, isHatched } from '../coverage/hatch.tsx';
import { pathOfView, type View } from '../questions/read-view.ts';
import type { Bucket, Buckets } from '../range/buckets.ts';
import { count } from '../values/values.tsx';

/** How many invocations in a bucket have a given Status. */
export interface BucketCount {
  key: string;
  status: string | null;
  count: number;
}

const WIDTH = 900;
const HEIGHT = 160;
const NAMES: Readonly<Record<StatusKind, string>> = {
  good: 'succeeded',
  bad: 'did not succeed',
  busy: 'not ended',
};

export interface RunsChartProps {
  buckets: Buckets;
  counts: readonly BucketCount[];
  /** How much of each bucket is collected; undefined if finding out takes too long. */
  covered: readonly BucketCoverage[] | undefined;
  within?: View['typed'];
  /** The path of a page with the parameters `from` and `to`. Dragging over the bars opens it for that span. */
  zoomsTo?: string;
}

/**
 * Runs over time as stacked bars. Each bar is a link. It is hatched if part of its time was not collected. A text says
 * the same for people who can't see the chart.
 */
export function RunsChart({ buckets: { size, all }, counts, covered, within = {}, zoomsTo }: RunsChartProps) {
  const sums = sumByBucket(all, counts);
  const most = Math.max(1, ...sums.map(({ good, bad, busy }) => good + bad + busy));
  const step = WIDTH / Math.max(1, all.length);
  const ends = JSON.stringify([...all.map(({ from }) => from), all.at(-1)?.before ?? '']);
  return (
    <figure class="chart">
      <div class="plot" data-brush={zoomsTo} data-ends={zoomsTo && ends}>
        <svg class="stack" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
          <title>Runs by {size}</title>
          {sums.map(({ bucket, ...sum }, n) => {
            let top = HEIGHT;
            const state = covered?.[n];
            const ran = STATUS_KINDS.map((kind) => `${count(sum[kind])} ${NAMES[kind]}`).join(', ');
            const told = `${bucket.from}: ${ran}${state === undefined ? '' : COVERAGE_SAYS[state]}`;
            return (
              <a
                href={pathOfView({ ...within, requestedAfter: bucket.from, requestedBefore: bucket.before })}
                aria-label={told}
              >
                <title>{told}</title>
                <rect x={n * step} y="0" width={step} height={HEIGHT} fill="transparent" />
                {isHatched(state) && <Hatched x={n * step} width={step} height={HEIGHT} />}
                {STATUS_KINDS.map((kind) => {
                  const height = (sum[kind] / most) * HEIGHT;
                  top -= height;
                  return height > 0 ? (
                    <rect class={kind} x={n * step + 1} y={top} width={Math.max(1, step - 2)} height={height} />
                  ) : null;
                })}
              </a>
            );
          })}
        </svg>
      </div>
      <figcaption class="bar quiet">
        <span>
          {all[0]?.from} to {all.at(-1)?.from} (UTC), by {size}; most {count(most)}
        </span>
        {STATUS_KINDS.map((kind) => (
          <span class={`key key-${kind}`}>{NAMES[kind]}</span>
        ))}
        {covered?.some(isHatched) && <HatchedKey />}
        {!covered && <span>Finding out what was collected takes too long for this page.</span>}
        <span>{zoomsTo ? 'Drag over the bars to zoom. Each bar is a link.' : 'Each bar is a link.'}</span>
      </figcaption>
    </figure>
  );
}

function sumByBucket(all: readonly Bucket[], counts: readonly BucketCount[]) {
  const byKey = new Map(all.map((bucket) => [bucket.key, { bucket, good: 0, bad: 0, busy: 0 }]));
  for (const { key, status, count: n } of counts) {
    const sum = byKey.get(key);
    if (sum) sum[kindOfStatus(status)] += n;
  }
  return [...byKey.values()];
}
