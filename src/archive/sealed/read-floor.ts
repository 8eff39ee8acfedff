import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { dayAfter } from '../../lib/time.ts';

/**
 * Returns the first day, as an ISO date, of which nothing was ever sealed: the day after the last sealed one. Rows of
 * earlier days may stand in the lake alone, so that an answer from SQLite alone is whole only from this day on.
 * Undefined if no day is sealed. The floor never moves back: an unsealed day is still in the lake.
 */
export function readFloor(sqlite: Database): string | undefined {
  const last = prepareOnce<[], string | null>(sqlite, 'SELECT max(day) FROM main.sealed_days').pluck().get();
  return last ? dayAfter(last) : undefined;
}
