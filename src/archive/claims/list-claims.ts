import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** A row of `lake_claims`: an account and region of which this archive is, or was, the owner in the lake. */
export interface Claim extends SourceKey {
  /** The number of the object in the lake that says the same. */
  turn: number;
  /** What was requested before this day is another archive's; null if nothing is. */
  fromDay: string | null;
  claimedAt: string;
  claimedBy: string;
  /** The day after the last of this archive's; null until it is released, as are the following. */
  untilDay: string | null;
  releasedAt: string | null;
  releasedBy: string | null;
}

const COLUMNS = `account_id AS accountId, region, turn, from_day AS fromDay, claimed_at AS claimedAt,
  claimed_by AS claimedBy, until_day AS untilDay, released_at AS releasedAt, released_by AS releasedBy`;

/** Returns what this archive has claimed, by account and region. */
export function listClaims(sqlite: Database): Claim[] {
  return prepareOnce<[], Claim>(sqlite, `SELECT ${COLUMNS} FROM main.lake_claims ORDER BY account_id, region`).all();
}

/** Returns what this archive has claimed of an account and region; undefined if it never did. */
export function findClaim(sqlite: Database, { accountId, region }: SourceKey): Claim | undefined {
  return prepareOnce<[string, string], Claim>(
    sqlite,
    `SELECT ${COLUMNS} FROM main.lake_claims WHERE account_id = ? AND region = ?`,
  ).get(accountId, region);
}
