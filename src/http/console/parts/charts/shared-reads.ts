import type { StatsRow } from '../../../../archive/figures/read-stats.ts';
import { isoFromMs } from '../../../../lib/time.ts';
import type { InvocationFilter } from '../../../../questions/filters.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import type { Buckets } from '../range/buckets.ts';
import type { BucketCount } from './runs-chart.tsx';

export const ROWS_A_PAGE = 50;
/** A page is complete without its counts, so it does not wait long for them. */
export const COUNT_DEADLINE_MS = 1000;

/** The newest invocations that match a filter, without their steps. */
export function newest(filter: InvocationFilter) {
  return { filter, sort: 'requestedAt', isDescending: true, include: 'none' } as const;
}

/** Returns counts of invocations by time and status. */
export function bucketCountsOf(rows: readonly StatsRow[], { size }: Buckets): BucketCount[] {
  return rows.map((row) => ({
    key: cellText(row[size]) ?? '',
    status: cellText(row.status),
    count: Number(row.count),
  }));
}

export function cellText(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

export function verifiedOf({ lastVerification }: ConsoleDeps) {
  const last = lastVerification?.();
  return last && { ...last, completedAt: isoFromMs(last.completedAtMs) };
}
