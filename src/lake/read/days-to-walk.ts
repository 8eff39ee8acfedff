import type { Database } from 'better-sqlite3';
import { isLakeIndex } from '../../archive/sealed/lake-index.ts';
import { readSealedDays, type SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import type { SealedSearch } from '../../archive/sealed/sealed-days.ts';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { KeyPosition } from '../../lib/keyset.ts';
import { dayAfter } from '../../lib/time.ts';
import type { InvocationFilter } from '../../questions/filters.ts';

/** A sealed day, with the place in the order where its invocations begin and where they end. */
export interface DayToWalk {
  sealed: SealedDay;
  /** In descending order the latest time. */
  begin: string;
  end: string;
}

/** Returns the sealed days that may have invocations which the search finds, in the order in which they begin. */
export function daysToWalk(hot: Database, search: SealedSearch): DayToWalk[] {
  const { filter, order } = search;
  const [first] = order;
  const isDescending = first?.isDescending === true;
  return daysInLake(hot)
    .filter((day) => mayMatch(day, filter))
    .filter(isInSpanOfCommand(hot, filter))
    .map((sealed): DayToWalk => {
      const { day, firstChangedAt, lastChangedAt } = sealed;
      const [from, to] =
        first?.column === 'changed_at'
          ? [firstChangedAt, lastChangedAt]
          : [`${day}T00:00:00.000Z`, `${dayAfter(day)}T00:00:00.000Z`];
      return isDescending ? { sealed, begin: to, end: from } : { sealed, begin: from, end: to };
    })
    .filter(
      ({ begin, end }) => isAfter(end, search.after, isDescending) && !isAfter(begin, search.until, isDescending, true),
    )
    .sort((a, b) => (isDescending ? compare(b.begin, a.begin) : compare(a.begin, b.begin)));
}

/**
 * Returns the sealed days with invocations that changed after the past time for which the search asks. Then they may
 * have had other members than now, also another time of request.
 */
export function pastDays(hot: Database, { filter, asOf }: SealedSearch): SealedDay[] {
  if (asOf === undefined) return [];
  return daysInLake(hot)
    .filter(({ lastChangedAt }) => lastChangedAt > asOf)
    .filter(isInSpanOfCommand(hot, filter));
}

/**
 * The sealed days whose rows may stand in the lake alone. The rows of an unsealed day are all in the archive, and its
 * objects may be about to be replaced.
 */
function daysInLake(hot: Database): SealedDay[] {
  return readSealedDays(hot).filter(({ isUnsealed, invocations }) => !isUnsealed && invocations > 0);
}

/** Returns the sealed days that may have invocations of a command. */
export function daysOfCommand(hot: Database, commandId: string): SealedDay[] {
  return daysInLake(hot).filter(isInSpanOfCommand(hot, { commandId }));
}

/** Whether a time is at a place of the order or comes after it. NULL sorts before every time. */
function isAfter(time: string, place: KeyPosition | undefined, isDescending: boolean, isStrictly = false): boolean {
  const value = place?.[0];
  if (value === undefined) return !isStrictly;
  if (value === null) return !isDescending;
  const compared = compare(time, String(value)) * (isDescending ? -1 : 1);
  return isStrictly ? compared > 0 : compared >= 0;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function mayMatch(day: SealedDay, filter: InvocationFilter): boolean {
  const { requestedAfter, requestedBefore, changedAfter } = filter;
  if (requestedAfter !== undefined && dayAfter(day.day) <= requestedAfter) return false;
  if (requestedBefore !== undefined && day.day >= requestedBefore) return false;
  return changedAfter === undefined || day.lastChangedAt >= changedAfter;
}

/** The archive knows from when to when the sealed invocations of a command were requested. */
function isInSpanOfCommand(hot: Database, { commandId }: InvocationFilter): (day: SealedDay) => boolean {
  // An index of a lake does not know it, so that each day may have some of them.
  if (commandId === undefined || isLakeIndex(hot)) return () => true;
  const span = prepareOnce<[string], { from: string | null; to: string | null }>(
    hot,
    `SELECT CASE WHEN count(*) = count(first_requested_at) THEN min(first_requested_at) END AS "from",
            max(last_requested_at) AS "to" FROM sealed_commands WHERE command_id = ?`,
  ).get(commandId);
  const { from = null, to = null } = span ?? {};
  // No invocation of this command has ever gone to the lake.
  if (to === null) return () => false;
  return ({ day }) => (from === null || dayAfter(day) > from) && day <= to;
}
