import type { Database } from 'better-sqlite3';
import type { PlaceOfOther } from '../../archive/claims/places-of-others.ts';
import { readCoverage } from '../../archive/coverage/read-coverage.ts';
import { TOO_YOUNG } from '../../archive/figures/read-lake.ts';
import { DAY_MS, dayAfter } from '../../lib/time.ts';
import { whyNotOwned } from '../owners/why-not-owned.ts';
import { countFollowedOfDay, countOpenOfDay, countUnfetchedOfDay } from './unfinished-of-day.ts';

/** So much longer than others does a day wait for runs without an end, and for outputs that were not fetched. */
const PATIENCE_MS = 30 * DAY_MS;

export interface RipeQuery {
  nowMs: number;
  /** How old a day must be, from its end on. */
  sealAfterMs: number;
  /** How long after its end a span counts as settled. */
  settlingMs: number;
  /** What other archives of the lake own. By default what the lake said at the last seal. */
  others?: readonly PlaceOfOther[] | undefined;
}

/**
 * Why a day can't be sealed yet, as the end of a sentence that begins with the day; undefined if it can. What the
 * service has forgotten stops no day: nothing can change it any more, and the manifest says it.
 */
export function whyNotRipe(sqlite: Database, day: string, query: RipeQuery): string | undefined {
  const { nowMs, sealAfterMs, settlingMs } = query;
  const [from, to] = [startOf(day), startOf(dayAfter(day))];
  const ageMs = nowMs - to;
  if (ageMs < sealAfterMs) return `${TOO_YOUNG} ${Math.round(sealAfterMs / DAY_MS)} days ago`;
  const owned = whyNotOwned(sqlite, day, query.others);
  if (owned !== undefined) return owned;
  for (const { accountId, region, alias, gaps } of readCoverage(sqlite, { nowMs, settlingMs, from, to })) {
    const gap = gaps.find(({ isForgotten }) => !isForgotten);
    const place = alias ?? `${accountId} ${region}`;
    if (gap) return `is not collected from ${gap.from} to ${gap.to} in ${place}, and the service still shows that time`;
  }
  if (ageMs >= sealAfterMs + PATIENCE_MS) return undefined;
  const open = countOpenOfDay(sqlite, day);
  if (open > 0) return `has ${open} ${open === 1 ? 'run that has' : 'runs that have'} not ended and may still end`;
  const followed = countFollowedOfDay(sqlite, day);
  if (followed > 0) return `has ${followed} ${followed === 1 ? 'command' : 'commands'} that may still get invocations`;
  const unfetched = countUnfetchedOfDay(sqlite, day).reduce((sum, place) => sum + place.open, 0);
  if (unfetched > 0) return `has ${unfetched} ${unfetched === 1 ? 'output' : 'outputs'} still to be fetched in full`;
  return undefined;
}

function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}
