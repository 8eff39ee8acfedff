import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { DEFAULT_SPREAD_MS } from '../../model/coverage/retention.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * The longest time between the request of a command and the request of one of its invocations: the assumed time for the
 * source, or the longest time that the archive has seen, whichever is longer. All statements of coverage depend on this
 * time and name it.
 */
export function readSpread(sqlite: Database, { accountId, region }: SourceKey): number {
  const found = prepareOnce<unknown[], { assumedMs: number | null; longestMs: number | null }>(
    sqlite,
    `SELECT (SELECT assumed_ms FROM command_spreads WHERE account_id = ? AND region = ?) AS assumedMs,
            (SELECT max(longest_ms) FROM command_spreads) AS longestMs`,
  ).get(accountId, region);
  return Math.max(found?.assumedMs ?? DEFAULT_SPREAD_MS, found?.longestMs ?? 0);
}

/**
 * Stores the spread that a pass was configured to assume, so that readers of the file without the configuration assume
 * it too.
 */
export function assumeSpread(sqlite: Database, { accountId, region }: SourceKey, assumedMs: number): void {
  prepareOnce<unknown[], never>(
    sqlite,
    `INSERT INTO command_spreads (account_id, region, assumed_ms, longest_ms) VALUES (?, ?, ?, 0)
     ON CONFLICT DO UPDATE SET assumed_ms = excluded.assumed_ms WHERE assumed_ms <> excluded.assumed_ms`,
  ).run(accountId, region, assumedMs);
}
