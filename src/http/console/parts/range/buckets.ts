import { DAY_MS, isoFromMs } from '../../../../lib/time.ts';

export type BucketSize = 'hour' | 'day' | 'month';

/** One span in a chart. `key` is its name in statistics; `from` and `before` are times in their shortest form. */
export interface Bucket {
  key: string;
  from: string;
  before: string;
}

export interface Buckets {
  size: BucketSize;
  all: Bucket[];
}

const MOST_HOURS = 72;
const MOST_DAYS = 120;
const HOUR_MS = 3_600_000;

/**
 * Divides a span of time into hours, days or months, so that there are not too many for a chart. Times are ms since the
 * epoch. Of days that are sealed, only whole days are counted: with `least`, there are no hours.
 */
export function bucketsOf(fromMs: number, beforeMs: number, least: 'hour' | 'day' = 'hour'): Buckets {
  const spanMs = beforeMs - fromMs;
  if (spanMs <= MOST_HOURS * HOUR_MS && least === 'hour') return { size: 'hour', all: walk(fromMs, beforeMs, 'hour') };
  if (spanMs <= MOST_DAYS * DAY_MS) return { size: 'day', all: walk(fromMs, beforeMs, 'day') };
  return { size: 'month', all: walk(fromMs, beforeMs, 'month') };
}

/** All hours, days or months that overlap a span. */
export function bucketsBy(size: BucketSize, fromMs: number, beforeMs: number): Bucket[] {
  return walk(fromMs, beforeMs, size);
}

const KEY_LENGTH = { hour: 13, day: 10, month: 7 } as const;

function walk(fromMs: number, beforeMs: number, size: BucketSize): Bucket[] {
  const buckets: Bucket[] = [];
  for (let at = startOf(fromMs, size); at < beforeMs; at = next(at, size)) {
    const [from, before] = [isoFromMs(at), isoFromMs(next(at, size))];
    const short = (time: string) => (size === 'hour' ? `${time.slice(0, 16)}Z` : time.slice(0, 10));
    buckets.push({ key: from.slice(0, KEY_LENGTH[size]), from: short(from), before: short(before) });
  }
  return buckets;
}

function startOf(ms: number, size: BucketSize): number {
  const at = new Date(ms);
  if (size === 'month') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
  return ms - (((ms % sizeMs(size)) + sizeMs(size)) % sizeMs(size));
}

function next(ms: number, size: BucketSize): number {
  if (size !== 'month') return ms + sizeMs(size);
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
}

function sizeMs(size: 'hour' | 'day'): number {
  return size === 'hour' ? HOUR_MS : DAY_MS;
}
