import type { ArchiveDb } from '../db/open.ts';
import { FORGETTING_SOON_MS, RETENTION_MS } from '../lib/retention.ts';
import { isoFromMs } from '../lib/time.ts';
import { listPlaces } from './list-places.ts';
import { readCoverage } from './read-coverage.ts';

/** What of an account and region the service forgets within 72 hours, and the archive has not, or not to its end. */
export interface SoonForgotten {
  accountId: string;
  region: string;
  /** Invocations that had not ended when last seen. */
  unfinished: number;
  /** Spans that are not collected, of ISO times. */
  uncollected: { from: string; to: string }[];
}

/** All accounts and regions of the archive, those of which nothing is about to be forgotten too. */
export function soonForgotten(db: ArchiveDb, when: { nowMs: number; settlingMs: number }): SoonForgotten[] {
  const soonMs = when.nowMs - RETENTION_MS + FORGETTING_SOON_MS;
  const unfinished = db.sqlite.prepare<[string, string, string], { count: number }>(
    `SELECT count(*) AS count FROM invocations i INDEXED BY invocations_unfinished
       LEFT JOIN unfinished_commands u USING (account_id, region, command_id)
      WHERE i.account_id = ? AND i.region = ? AND coalesce(i.status, '') NOT IN ('Success', 'Cancelled', 'TimedOut', 'Failed')
        AND i.requested_at < ? AND u.forgotten_at IS NULL`,
  );
  const coverage = new Map(readCoverage(db, when).map((of) => [`${of.accountId} ${of.region}`, of.gaps]));
  return listPlaces(db.sqlite).map(({ accountId, region }) => ({
    ...{ accountId, region },
    unfinished: unfinished.get(accountId, region, isoFromMs(soonMs))?.count ?? 0,
    uncollected: (coverage.get(`${accountId} ${region}`) ?? [])
      .filter((gap) => !gap.isForgotten && Date.parse(gap.from) < soonMs)
      .map(({ from, to }) => ({ from, to })),
  }));
}
