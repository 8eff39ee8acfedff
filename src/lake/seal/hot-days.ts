import type { Database } from 'better-sqlite3';
import { dayAfter } from '../../lib/time.ts';

/** The service has had runs since 2015. An earlier time is none: such a run is not of a day, and stays in SQLite. */
export const FIRST_DAY = '2015-01-01';

/** The days of which SQLite has invocations, the earliest first. Each is found by one step of an index. */
export function* hotDays(
  sqlite: Database,
  { from = FIRST_DAY, before }: { from?: string; before?: string | undefined } = {},
): Generator<string> {
  const next = sqlite
    .prepare<[string], string>(
      'SELECT requested_at FROM main.invocations WHERE requested_at >= ? ORDER BY requested_at LIMIT 1',
    )
    .pluck();
  for (let at = next.get(from); at !== undefined; ) {
    const day = at.slice(0, 10);
    if (before !== undefined && day >= before) return;
    yield day;
    at = next.get(dayAfter(day));
  }
}
