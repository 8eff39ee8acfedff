import type { Database } from 'better-sqlite3';
import { readArchiveNumber } from '../../../archive/number/read-archive-number.ts';
import { readSealedDay, readSealedDays } from '../../../archive/sealed/read-sealed-days.ts';
import { monthOf, nextMonth } from '../../tables/months.ts';
import { keyOfMonth } from '../../tables/object-key.ts';
import { FIRST_DAY, hotDays } from '../hot-days.ts';
import type { SealDeps } from '../seal-deps.ts';
import { listIntents } from '../seal-intents.ts';
import { monthsOfCommands } from './months-of-lake.ts';
import { findWrittenMonth, type WrittenMonth } from './written-month.ts';

/** A month whose commands are written when a day is sealed. */
export interface PlannedMonth {
  month: string;
  key: string;
  /** The SHA-256 of each object of ours that may be at its place. */
  replaces: readonly string[];
}

/**
 * Plans which months are written when a day is sealed. A month is written when its last day with rows is sealed, or
 * with the first day after it if it had not ended for long enough by then; and again when one of its days is sealed
 * again.
 */
export async function planMonths(deps: SealDeps, day: string): Promise<PlannedMonth[]> {
  const planned: PlannedMonth[] = [];
  for (const month of monthsBefore(deps.sqlite, day)) {
    const key = keyOfMonth(readArchiveNumber(deps.sqlite), month);
    const isComplete = isMonthComplete(deps, month, day);
    const intended = listIntents(deps.sqlite)
      .map(({ day: of, objects, replaces }) => ({
        of,
        digests: [...objects, ...replaces].filter((one) => one.key === key).map(({ sha256 }) => sha256),
      }))
      .filter(({ digests }) => digests.length > 0);
    const isIntended = intended.some(({ of }) => of === day);
    // So that the manifests of a month are not read for each of its days.
    if (!isComplete && !isIntended && monthOf(day) === month && !readSealedDay(deps.sqlite, day)) continue;
    const written = await findWrittenMonth(deps, month);
    const isThere = written !== undefined || intended.length > 0;
    if (!mustWrite({ month, day, written, isComplete, isIntended, isThere })) continue;
    const digests = [...(written ? [written.sha256] : []), ...intended.flatMap((one) => one.digests)];
    planned.push({ month, key, replaces: [...new Set(digests)] });
  }
  return planned;
}

interface MonthFacts {
  month: string;
  day: string;
  written: WrittenMonth | undefined;
  isComplete: boolean;
  /** Whether a seal of the day that was interrupted may have put it into the lake. */
  isIntended: boolean;
  /** Whether something of ours may be at its place. */
  isThere: boolean;
}

/**
 * What is in the lake must be named by the manifest of one of the month's days, or of the first sealed day after it,
 * and the next generation of a day has a manifest of its own.
 */
function mustWrite({ month, day, written, isComplete, isIntended, isThere }: MonthFacts): boolean {
  if (monthOf(day) === month) return isComplete || isIntended || written?.day === day;
  const isNamedByMonth = written !== undefined && monthOf(written.day) === month;
  return !isNamedByMonth && (isComplete || isThere);
}

/** The months that have commands, from that of the sealed day before a day to the month of the day. */
function monthsBefore(sqlite: Database, day: string): string[] {
  const before = readSealedDays(sqlite).findLast((sealed) => sealed.day < day)?.day ?? FIRST_DAY;
  return monthsOfCommands(sqlite, before, day);
}

/** Whether a month ended long enough ago, and all its days with rows are sealed once this day is. */
function isMonthComplete({ sqlite, now, sealAfterMs }: SealDeps, month: string, day: string): boolean {
  const end = nextMonth(month);
  if (now().getTime() - Date.parse(`${end}-01T00:00:00.000Z`) < sealAfterMs) return false;
  for (const hot of hotDays(sqlite, { from: month, before: end }))
    if (hot !== day && !readSealedDay(sqlite, hot)) return false;
  return true;
}
