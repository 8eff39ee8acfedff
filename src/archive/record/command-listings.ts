import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { isoFromMs } from '../../lib/time.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * The time up to which the commands of a source were listed completely, in epoch milliseconds; undefined if they never
 * were.
 */
export function readListedTo(sqlite: Database, { accountId, region }: SourceKey): number | undefined {
  const listedTo = prepareOnce<unknown[], { listedToAt: string }>(
    sqlite,
    'SELECT listed_to_at AS listedToAt FROM command_listings WHERE account_id = ? AND region = ?',
  ).get(accountId, region)?.listedToAt;
  return listedTo === undefined ? undefined : Date.parse(listedTo);
}

/** Notes that the commands of a source were listed completely up to a time. Later listings begin there. */
export function markListedTo(sqlite: Database, { accountId, region }: SourceKey, toMs: number): void {
  prepareOnce<unknown[], never>(
    sqlite,
    `INSERT INTO command_listings (account_id, region, listed_to_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET listed_to_at = excluded.listed_to_at WHERE listed_to_at < excluded.listed_to_at`,
  ).run(accountId, region, isoFromMs(toMs));
}

/**
 * The commands that were unfinished when last seen and were sent at `sinceMs` or later. Older commands are left out: if
 * they are final now, the service no longer shows them.
 */
export function readUnfinishedCommands(
  sqlite: Database,
  { accountId, region }: SourceKey,
  sinceMs: number,
): { commandId: string; requestedAt: string }[] {
  return prepareOnce<unknown[], { commandId: string; requestedAt: string }>(
    sqlite,
    `SELECT command_id AS commandId, requested_at AS requestedAt FROM commands INDEXED BY commands_unended
      WHERE account_id = ? AND region = ? AND requested_at >= ?
        AND status NOT IN ${FINAL_LIST} ORDER BY requested_at`,
  ).all(accountId, region, isoFromMs(sinceMs));
}
