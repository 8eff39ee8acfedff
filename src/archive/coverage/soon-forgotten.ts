import type { Database } from 'better-sqlite3';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { isoFromMs } from '../../lib/time.ts';
import { FORGETTING_SOON_MS, RETENTION_MS } from '../../model/coverage/retention.ts';
import { readCoverage } from './read-coverage.ts';

/**
 * What the service will forget within 72 hours in an account and region, although the archive does not have it yet or
 * has not seen it end.
 */
export interface SoonForgotten {
  /** The name of a source whose account or region is not known yet. */
  alias?: string | undefined;
  accountId: string | null;
  region: string | null;
  /** Invocations that had not ended when they were last seen. */
  unfinished: number;
  /** Spans (ISO times) that are not collected and that the service will forget within 72 hours. */
  uncollected: { from: string; to: string }[];
}

/**
 * Returns one item for each account and region in the archive, and for each source whose account or region is not known
 * yet, even if nothing will be lost soon.
 */
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
