import type { Database } from 'better-sqlite3';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { isoFromMs } from '../../lib/time.ts';
import { FORGETTING_SOON_MS, RETENTION_MS } from '../../model/coverage/retention.ts';
import { readCoverage } from './read-coverage.ts';

/** What of an account and region the service forgets within 72 hours, and the archive has not, or not to its end. */
export interface SoonForgotten {
  /** The name of a source that is no account and region yet. */
  alias?: string | undefined;
  accountId: string | null;
  region: string | null;
  /** Invocations that had not ended when last seen. */
  unfinished: number;
  /** What is not collected and forgotten by then, as spans of ISO times. */
  uncollected: { from: string; to: string }[];
}

/** All that the archive owes or has heard of, also that of which nothing is about to be forgotten. */
export function soonForgotten(sqlite: Database, when: { nowMs: number; settlingMs: number }): SoonForgotten[] {
  const soonMs = when.nowMs - RETENTION_MS + FORGETTING_SOON_MS;
  const unfinished = sqlite.prepare<unknown[], { count: number }>(
    `SELECT count(*) AS count FROM invocations i INDEXED BY invocations_unfinished
       LEFT JOIN unfinished_commands u USING (account_id, region, command_id)
      WHERE i.account_id = ? AND i.region = ? AND ${isUnfinished('i.status')}
        AND i.requested_at < ? AND u.forgotten_at IS NULL`,
  );
  return readCoverage(sqlite, when).map(({ alias, accountId, region, gaps }) => ({
    ...(alias !== undefined && { alias }),
    ...{ accountId, region },
    unfinished: unfinished.get(accountId, region, isoFromMs(soonMs))?.count ?? 0,
    uncollected: gaps
      .filter((gap) => !gap.isForgotten && Date.parse(gap.from) < soonMs)
      .map(({ from, to }) => ({ from, to: isoFromMs(Math.min(Date.parse(to), soonMs)) })),
  }));
}
