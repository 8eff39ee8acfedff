import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { dayAfter } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** The service has had runs since 2015. An earlier time is none: such a run is of no day, and is never sealed. */
const FIRST = '2015-01-01';

/** How many invocations of an account and region the lake does not have, or not in their newest state. */
export function countUnsealed(sqlite: Database, { accountId, region }: SourceKey): number {
  const lastOf = (table: string) => `coalesce((SELECT max(seq) FROM main.${table} WHERE invocation_id = i.id), 0)`;
  const count = prepareOnce<[string, string], number>(
    sqlite,
    `SELECT count(*) FROM main.invocations i LEFT JOIN main.sealed_days s ON s.day = substr(i.requested_at, 1, 10)
      WHERE i.account_id = ? AND i.region = ? AND i.requested_at >= '${FIRST}' AND (s.day IS NULL OR s.is_unsealed
         OR s.tree_size < ${lastOf('revisions')} OR s.tree_size < ${lastOf('full_outputs')})`,
  ).pluck();
  return count.get(accountId, region) ?? 0;
}

/** The day after the last of which this archive has invocations of an account and region; null if it has none. */
export function dayAfterLast(sqlite: Database, { accountId, region }: SourceKey): string | null {
  const last = prepareOnce<[string, string], string | null>(
    sqlite,
    `SELECT max(day) FROM main.daily_counts WHERE account_id = ? AND region = ? AND day >= '${FIRST}' AND invocations > 0`,
  )
    .pluck()
    .get(accountId, region);
  return typeof last === 'string' ? dayAfter(last) : null;
}

/**
 * Returns the accounts and regions of a day that have invocations which are new to the lake. An earlier generation of
 * the day may have others: they are this archive's for good.
 */
export function placesNewInDay(sqlite: Database, day: string): SourceKey[] {
  const treeSize = prepareOnce<[string], number>(sqlite, 'SELECT tree_size FROM main.sealed_days WHERE day = ?')
    .pluck()
    .get(day);
  const places = prepareOnce<[string], SourceKey>(
    sqlite,
    'SELECT DISTINCT account_id AS accountId, region FROM main.daily_counts WHERE day = ? AND invocations > 0 ORDER BY 1, 2',
  ).all(day);
  return places.filter((place) => countNew(sqlite, { day, place, treeSize: treeSize ?? 0 }) > 0);
}

/** How many invocations of a day and place the lake has never had, up to a thousand. */
export function countNew(
  sqlite: Database,
  { day, place: { accountId, region }, treeSize }: { day: string; place: SourceKey; treeSize: number },
): number {
  const count = prepareOnce<[object], number>(
    sqlite,
    `SELECT count(*) FROM (SELECT 1 FROM main.invocations i WHERE i.account_id = :accountId AND i.region = :region
        AND i.requested_at >= :day AND i.requested_at < :next AND NOT EXISTS (
          SELECT 1 FROM main.revisions r WHERE r.invocation_id = i.id AND r.seq <= :treeSize) LIMIT 1000)`,
  ).pluck();
  return count.get({ accountId, region, day, next: dayAfter(day), treeSize }) ?? 0;
}
