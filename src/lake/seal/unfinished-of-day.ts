import type { Database } from 'better-sqlite3';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { OF_DAY, spanOf } from '../tables/select-rows.ts';

/** A run whose end nobody has seen. */
export interface UnfinishedRun {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  status: string | null;
  /** When its command was found to be no longer shown; null if passes still ask for it, or if nobody asked. */
  forgottenAt: string | null;
}

const COMMAND = 'u.account_id = i.account_id AND u.region = i.region AND u.command_id = i.command_id';
const FROM_UNFINISHED = `FROM main.invocations i INDEXED BY invocations_unfinished
  LEFT JOIN main.unfinished_commands u ON ${COMMAND} WHERE ${isUnfinished('i.status')} AND ${OF_DAY}`;

/** Returns the runs of a day without an end, sorted by their keys, at most so many. */
export function listUnfinishedOfDay(sqlite: Database, day: string, most: number): UnfinishedRun[] {
  return sqlite
    .prepare<[object], UnfinishedRun>(
      `SELECT i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId, i.status,
              u.forgotten_at AS forgottenAt ${FROM_UNFINISHED} ORDER BY 1, 2, 3, 4 LIMIT :most`,
    )
    .all({ ...spanOf(day), most });
}

/** How many runs of a day have no end, forgotten ones included. */
export function countUnfinishedOfDay(sqlite: Database, day: string): number {
  return Number(sqlite.prepare<[object], number>(`SELECT count(*) ${FROM_UNFINISHED}`).pluck().get(spanOf(day)));
}

/** How many runs of a day may still end: they have no end, and their command was not forgotten. */
export function countOpenOfDay(sqlite: Database, day: string): number {
  return Number(
    sqlite
      .prepare<[object], number>(`SELECT count(*) ${FROM_UNFINISHED} AND u.forgotten_at IS NULL`)
      .pluck()
      .get(spanOf(day)),
  );
}

/** How many commands that passes still ask for have invocations on a day: they may get more. */
export function countFollowedOfDay(sqlite: Database, day: string): number {
  return Number(
    sqlite
      .prepare<[object], number>(
        `SELECT count(DISTINCT u.rowid) FROM main.unfinished_commands u JOIN main.invocations i
           ON ${COMMAND} WHERE u.forgotten_at IS NULL AND ${OF_DAY}`,
      )
      .pluck()
      .get(spanOf(day)),
  );
}

/** The outputs of a day that were not fetched in full, by account and region. */
export function countUnfetchedOfDay(
  sqlite: Database,
  day: string,
): { accountId: string; region: string; open: number; givenUp: number }[] {
  return sqlite
    .prepare<[object], { accountId: string; region: string; open: number; givenUp: number }>(
      `SELECT i.account_id AS accountId, i.region, count(*) FILTER (WHERE q.gave_up_at IS NULL) AS open,
              count(*) FILTER (WHERE q.gave_up_at IS NOT NULL) AS givenUp
         FROM main.output_queue q JOIN main.invocations i ON i.id = q.invocation_id
        WHERE ${OF_DAY} GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all(spanOf(day));
}
