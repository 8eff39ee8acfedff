import type { Database } from 'better-sqlite3';
import { readSealedDays } from '../../../archive/sealed/read-sealed-days.ts';
import { monthOf, nextMonth } from '../../tables/months.ts';
import { FIRST_DAY } from '../hot-days.ts';

/** Returns the months whose commands may be in the lake: up to that of the last sealed day. */
export function monthsOfLake(sqlite: Database): string[] {
  const last = readSealedDays(sqlite).at(-1)?.day;
  if (last === undefined) return [];
  return monthsOfCommands(sqlite, FIRST_DAY, last);
}

/** Returns the months that have commands, from that of one day to that of another. Each is found by one step of an index. */
export function monthsOfCommands(sqlite: Database, from: string, to: string): string[] {
  const next = sqlite
    .prepare<[string], string>(
      'SELECT requested_at FROM main.commands WHERE requested_at >= ? ORDER BY requested_at LIMIT 1',
    )
    .pluck();
  const months: string[] = [];
  for (let at = next.get(monthOf(from)); at !== undefined && monthOf(at) <= monthOf(to); ) {
    months.push(monthOf(at));
    at = next.get(nextMonth(monthOf(at)));
  }
  return months;
}
