import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';

/**
 * Takes a day out of the spans of the values that sealed days have. A value that no other sealed day has is gone. Call
 * it in the transaction in which the day is pruned, or sealed again without what was pruned; then its values are noted
 * after that.
 */
export function dropSealedValues(sqlite: Database, day: string): void {
  const inLake = 'FROM main.sealed_days s WHERE s.pruned_seq IS NULL AND s.day';
  prepareOnce(
    sqlite,
    `UPDATE sealed_values SET first_day = coalesce((SELECT min(s.day) ${inLake} > :day), '9999-12-31') WHERE first_day = :day`,
  ).run({ day });
  prepareOnce(
    sqlite,
    `UPDATE sealed_values SET last_day = coalesce((SELECT max(s.day) ${inLake} < :day), '0000-01-01') WHERE last_day = :day`,
  ).run({ day });
  prepareOnce(sqlite, 'DELETE FROM sealed_values WHERE first_day > last_day').run();
}
