import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { sealedInvocationsOf } from '../sealed/count-gone.ts';

/** A command that was unfinished when last listed and that the service no longer shows, so nobody saw it end. */
export interface ForgottenCommand {
  commandId: string;
  requestedAt: string | null;
  forgottenAt: string;
  /** How many nodes the command had when the service last showed it; null if the service did not say. */
  targetCount: number | null;
  knownInvocations: number;
}

export interface UnfinishedAndForgotten {
  /**
   * Commands that may still get new invocations, because they are executing or have not been listed since they ended.
   */
  unfinishedCommands: number;
  /** Commands of which an invocation, or the end of an invocation, will stay unknown. */
  forgottenCommands: ForgottenCommand[];
}

/**
 * The commands whose invocations may be missing although their span is covered. A span is covered when its listing has
 * ended. If a slow command adds an invocation later, the archive finds that invocation by the command's id, unless the
 * service forgets the command first.
 */
export function readUnfinishedAndForgotten(sqlite: Database, { accountId, region }: SourceKey): UnfinishedAndForgotten {
  const unfinished = prepareOnce<unknown[], { count: number }>(
    sqlite,
    'SELECT count(*) AS count FROM unfinished_commands WHERE account_id = ? AND region = ? AND forgotten_at IS NULL',
  ).get(accountId, region);
  const forgottenCommands = prepareOnce<unknown[], ForgottenCommand>(
    sqlite,
    `SELECT u.command_id AS commandId, u.requested_at AS requestedAt, u.forgotten_at AS forgottenAt,
              CASE json_type(u.counts_json, '$.TargetCount') WHEN 'integer' THEN u.counts_json ->> '$.TargetCount' END AS targetCount,
              count(i.id) + ${sealedInvocationsOf('u')} AS knownInvocations
         FROM unfinished_commands u
         LEFT JOIN invocations i USING (account_id, region, command_id)
        WHERE u.account_id = ? AND u.region = ? AND u.forgotten_at IS NOT NULL
        GROUP BY u.command_id
       HAVING targetCount IS NULL OR knownInvocations < targetCount
           OR count(*) FILTER (WHERE ${isUnfinished('i.status')}) > 0
        ORDER BY u.requested_at, u.command_id`,
  ).all(accountId, region);
  return { unfinishedCommands: unfinished?.count ?? 0, forgottenCommands };
}
