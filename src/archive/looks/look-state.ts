import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * How far the late looks of an account and region have come. Times are epoch milliseconds of requests, except for
 * `lookedAtMs`.
 */
export interface LookState {
  /** All final invocations requested before this time were looked at, are owed a look, or were left out. */
  lookedToMs: number;
  /** Where the next look begins: at `lookedToMs` or earlier. */
  nextFromMs: number;
  /** How many invocations one call of the service returns. */
  rowsACall: number;
  leftOut: number;
  lookedAtMs: number;
}

interface Row {
  lookedToAt: string;
  nextFromAt: string;
  rowsACall: number;
  leftOut: number;
  lookedAt: string;
}

/** Undefined if no pass over this account and region has ended since late looks were introduced. */
export function readLookState(sqlite: Database, { accountId, region }: SourceKey): LookState | undefined {
  const row = prepareOnce<unknown[], Row>(
    sqlite,
    `SELECT looked_to_at AS lookedToAt, next_from_at AS nextFromAt, rows_a_call AS rowsACall, left_out AS leftOut, looked_at AS lookedAt
       FROM late_looks WHERE account_id = ? AND region = ?`,
  ).get(accountId, region);
  if (!row) return undefined;
  const { lookedToAt, nextFromAt, lookedAt, ...counts } = row;
  return {
    lookedToMs: Date.parse(lookedToAt),
    nextFromMs: Date.parse(nextFromAt),
    lookedAtMs: Date.parse(lookedAt),
    ...counts,
  };
}

export function saveLookState(sqlite: Database, { accountId, region }: SourceKey, state: LookState): void {
  const { lookedToMs, nextFromMs, rowsACall, leftOut, lookedAtMs } = state;
  const values = [isoFromMs(lookedToMs), isoFromMs(nextFromMs), rowsACall, leftOut, isoFromMs(lookedAtMs)];
  prepareOnce<unknown[], never>(
    sqlite,
    `INSERT INTO late_looks (account_id, region, looked_to_at, next_from_at, rows_a_call, left_out, looked_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (account_id, region) DO UPDATE SET looked_to_at = excluded.looked_to_at, next_from_at = excluded.next_from_at,
       rows_a_call = excluded.rows_a_call, left_out = excluded.left_out, looked_at = excluded.looked_at`,
  ).run(accountId, region, ...values);
}
