import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { MAY_HAVE_RUN } from '../../db/sql/skipped-sql.ts';
import type { CommandKey } from '../commands/shown-command.ts';

/**
 * How long the nodes of a command took, each from its first step to its last, in ms. Null if that is not known for any
 * node.
 */
export interface RunTimes {
  medianMs: number | null;
  longestMs: number | null;
}

/**
 * SQL for the time from the start of the first step to the end of the last, in ms, for an invocation `i`. 1970-01-01,
 * which the service sends for an unknown time, is ignored. NULL if one of the steps ended before it began, because the
 * node's clock was set back. Skipped steps took no time.
 */
export const TOOK_MS = `(SELECT CASE WHEN min(p.finished_at >= p.started_at)
  THEN CAST(round((julianday(max(p.finished_at)) - julianday(min(p.started_at))) * 86400000) AS INTEGER) END
  FROM plugins p WHERE p.invocation_id = i.id AND p.started_at > '1970-01-01T00:00:00.000Z'
   AND p.finished_at > '1970-01-01T00:00:00.000Z' AND ${MAY_HAVE_RUN})`;

/** How long a command took on its nodes. */
export function readRunTimes(sqlite: Database, { accountId, region, commandId }: CommandKey): RunTimes {
  const row = prepareOnce<[object], RunTimes>(
    sqlite,
    `SELECT CAST(round(median(took)) AS INTEGER) AS medianMs, max(took) AS longestMs FROM (
       SELECT ${TOOK_MS} AS took FROM invocations i INDEXED BY invocations_key
        WHERE i.command_id = :commandId AND i.account_id = :accountId AND i.region = :region)`,
  ).get({ accountId, region, commandId });
  return row ?? { medianMs: null, longestMs: null };
}
