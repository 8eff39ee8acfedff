import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../../db/prepare-once.ts';
import { RETENTION_MS } from '../../../model/coverage/retention.ts';
import type { SourceKey } from '../../../model/observed-invocation.ts';
import { OVERDUE_MS } from '../coverage-times.ts';

/**
 * The span, in epoch milliseconds, in which everything that was requested is owed. `to` is absent while new requests
 * are still owed.
 */
export interface OwedSpan {
  from: number;
  to?: number | undefined;
}

/**
 * What is owed for an account and region: from the oldest time that the service still showed when it was first
 * configured, until it was ended. Undefined if the archive has no record that a configuration named it, as in archives
 * of versions that made no such record.
 */
export function owedSpanOf(sqlite: Database, { accountId, region }: SourceKey): OwedSpan | undefined {
  const found = prepareOnce<unknown[], { sinceAt: string | null; endedAt: string | null; open: number }>(
    sqlite,
    `SELECT min(since_at) AS sinceAt, max(ended_at) AS endedAt, count(*) FILTER (WHERE ended_at IS NULL) AS open
       FROM main.owed_sources WHERE account_id = ? AND region = ? AND is_double = 0`,
  ).get(accountId, region);
  if (!found || found.sinceAt === null) return undefined;
  return owedSpan({ sinceAt: found.sinceAt, endedAt: found.open > 0 ? null : found.endedAt });
}

/** The span that is owed for a source that was configured at `sinceAt` and ended at `endedAt`. */
export function owedSpan({ sinceAt, endedAt }: { sinceAt: string; endedAt: string | null }): OwedSpan {
  return { from: Date.parse(sinceAt) - RETENTION_MS, to: endedAt === null ? undefined : Date.parse(endedAt) };
}

/**
 * Where judging a place begins if no start is given: at its first covered moment, or at the oldest time that the
 * service still shows if nothing is covered. If something was owed before that and was not collected in time, judging
 * begins there, and that time is missing. A first pass takes a while, and the service forgets a little more during it:
 * up to OVERDUE_MS do not count as a gap.
 */
export function judgedFrom(firstCovered: number | undefined, owed: OwedSpan | undefined, nowMs: number): number {
  const first = firstCovered ?? nowMs - RETENTION_MS;
  return owed && first - owed.from > OVERDUE_MS ? owed.from : first;
}

/** The end of the time in which something owed may count as missing. */
export function settledOf(
  owed: OwedSpan | undefined,
  { nowMs, settlingMs }: { nowMs: number; settlingMs: number },
): number {
  return Math.min(nowMs - settlingMs, owed?.to ?? Number.POSITIVE_INFINITY);
}
