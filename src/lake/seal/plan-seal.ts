import type { Database } from 'better-sqlite3';
import { leftDays } from '../../archive/sealed/day-moves.ts';
import { readFloor } from '../../archive/sealed/read-floor.ts';
import { readSealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';
import { hotDays } from './hot-days.ts';
import { type RipeQuery, whyNotRipe } from './why-not-ripe.ts';

/** Why a day is sealed: for the first time, or again because rows came, changed or left, or because it was unsealed. */
export type SealReason = 'first' | 'late' | 'unsealed';

export interface PlannedDay {
  day: string;
  reason: SealReason;
  /** How many invocations of it are in SQLite now. */
  invocations: number;
}

export interface SealPlan {
  /** The days that are sealed next, the earliest first. */
  days: PlannedDay[];
  /** Sealed days with rows in SQLite that are in the lake: a seal was interrupted before it had removed them. */
  leftovers: string[];
  /** The days that wait, and why: the end of a sentence that begins with the day. */
  waiting: { day: string; why: string }[];
}

export interface SealQuery extends RipeQuery {
  /** Only days before this one (ISO date). */
  before?: string | undefined;
}

/**
 * Plans which days are sealed. Days are sealed in order: the first that is not ripe stops all that come after it and
 * were never sealed, so that the floor has only sealed days below it. A sealed day that is to be sealed again stops
 * no other.
 */
export function planSeal(sqlite: Database, { before, ...query }: SealQuery): SealPlan {
  const plan: SealPlan = { days: [], leftovers: [], waiting: [] };
  const floor = readFloor(sqlite) ?? '';
  const left = new Set(leftDays(sqlite).filter((day) => before === undefined || day < before));
  // Rows that left a day go to the lake once that day is sealed without them.
  for (const day of new Set([...left, ...hotDays(sqlite, { before })])) {
    const reason = reasonOf(sqlite, day) ?? (left.has(day) ? 'late' : undefined);
    if (reason === undefined) {
      if (hasFinished(sqlite, day)) plan.leftovers.push(day);
      continue;
    }
    const why = whyNotRipe(sqlite, day, query);
    if (why !== undefined) {
      plan.waiting.push({ day, why });
      if (day >= floor) break;
      continue;
    }
    plan.days.push({ day, reason, invocations: countOf(sqlite, day) });
  }
  return plan;
}

function reasonOf(sqlite: Database, day: string): SealReason | undefined {
  const sealed = readSealedDay(sqlite, day);
  if (!sealed) return 'first';
  if (sealed.isUnsealed) return 'unsealed';
  if (sealed.prunedSeq !== null) return 'late';
  const late = sqlite
    .prepare<[object], unknown>(
      `SELECT 1 FROM main.invocations i WHERE ${OF_DAY}
         AND (coalesce((SELECT max(seq) FROM main.revisions WHERE invocation_id = i.id), 0) > :treeSize
           OR coalesce((SELECT max(seq) FROM main.full_outputs WHERE invocation_id = i.id), 0) > :treeSize) LIMIT 1`,
    )
    .get({ ...spanOf(day), treeSize: sealed.treeSize });
  return late === undefined ? undefined : 'late';
}

/** Whether SQLite has runs of a day that have ended. Those without an end stay there. */
function hasFinished(sqlite: Database, day: string): boolean {
  return (
    sqlite
      .prepare<[object], unknown>(
        `SELECT 1 FROM main.invocations i WHERE ${OF_DAY} AND NOT (${isUnfinished('i.status')}) LIMIT 1`,
      )
      .get(spanOf(day)) !== undefined
  );
}

function countOf(sqlite: Database, day: string): number {
  return Number(
    sqlite
      .prepare<[object], number>(`SELECT count(*) FROM main.invocations i WHERE ${OF_DAY}`)
      .pluck()
      .get(spanOf(day)),
  );
}
