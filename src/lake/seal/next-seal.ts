import type { Database } from 'better-sqlite3';
import type { NextSeal } from '../../archive/figures/read-lake.ts';
import { readFloor } from '../../archive/sealed/read-floor.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import { FIRST_DAY } from './hot-days.ts';
import { type RipeQuery, whyNotRipe } from './why-not-ripe.ts';

/** Returns the first day that was never sealed, and whether it is ripe; undefined if there is none. Reads one day. */
export function nextSeal(sqlite: Database, query: RipeQuery): NextSeal | undefined {
  const first = prepareOnce<[string], string>(
    sqlite,
    'SELECT requested_at FROM main.invocations WHERE requested_at >= ? ORDER BY requested_at LIMIT 1',
  ).pluck();
  const day = first.get(readFloor(sqlite) ?? FIRST_DAY)?.slice(0, 10);
  return day === undefined ? undefined : { day, why: whyNotRipe(sqlite, day, query) ?? null };
}
