import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

const IS_FINAL = `status IN ${FINAL_LIST}`;
const OF_SPAN = 'account_id = ? AND region = ? AND requested_at >= ? AND requested_at < ?';

/** The request times of the first invocations in a span, in order, up to a given number. */
export function requestTimesOf(sqlite: Database, place: SourceKey, span: Span, most: number): number[] {
  return prepareOnce<unknown[], string>(
    sqlite,
    `SELECT requested_at FROM invocations INDEXED BY invocations_account WHERE ${OF_SPAN} ORDER BY requested_at LIMIT ?`,
  )
    .pluck()
    .all(...boundsOf(place, span), most)
    .map((at) => Date.parse(at));
}

/** How many invocations were requested in a span. Reads only an index. */
export function countRequested(sqlite: Database, place: SourceKey, span: Span): number {
  const sql = `SELECT count(*) FROM invocations INDEXED BY invocations_account WHERE ${OF_SPAN}`;
  return Number(
    prepareOnce<unknown[], number>(sqlite, sql)
      .pluck()
      .get(...boundsOf(place, span)),
  );
}

/** How many invocations of a span are final. */
export function countFinal(sqlite: Database, place: SourceKey, span: Span): number {
  const sql = `SELECT count(*) FROM invocations INDEXED BY invocations_account WHERE ${OF_SPAN} AND ${IS_FINAL}`;
  return Number(
    prepareOnce<unknown[], number>(sqlite, sql)
      .pluck()
      .get(...boundsOf(place, span)),
  );
}

export interface FinalInvocation {
  id: number;
  commandId: string;
  instanceId: string;
  requestedAt: string;
}

/** The final invocations of a span. */
export function listFinal(sqlite: Database, place: SourceKey, span: Span): FinalInvocation[] {
  return prepareOnce<unknown[], FinalInvocation>(
    sqlite,
    `SELECT id, command_id AS commandId, instance_id AS instanceId, requested_at AS requestedAt
       FROM invocations INDEXED BY invocations_account WHERE ${OF_SPAN} AND ${IS_FINAL}`,
  ).all(...boundsOf(place, span));
}

/** How many invocations were requested on each day of a span, from the daily counts. */
export function countDays(sqlite: Database, { accountId, region }: SourceKey, span: Span): Map<string, number> {
  const rows = prepareOnce<unknown[], { day: string; count: number }>(
    sqlite,
    `SELECT day, sum(invocations) AS count FROM daily_counts
      WHERE day BETWEEN ? AND ? AND account_id = ? AND region = ? GROUP BY day`,
  ).all(isoFromMs(span.from).slice(0, 10), isoFromMs(span.to).slice(0, 10), accountId, region);
  return new Map(rows.map(({ day, count }) => [day, count]));
}

function boundsOf({ accountId, region }: SourceKey, { from, to }: Span): string[] {
  return [accountId, region, isoFromMs(from), isoFromMs(to)];
}
