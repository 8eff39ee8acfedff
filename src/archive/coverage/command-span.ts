import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { sealedInvocationsOf } from '../sealed/count-gone.ts';

/** The span in which invocations of a known command were requested, or may have been. */
export interface CommandSpan extends Span {
  /**
   * Whether the service has shown when the command itself was sent. If not, the time of its first known invocation is
   * used instead.
   */
  isListed: boolean;
  /** Whether the invocations on all of the command's nodes are known. */
  isWhole: boolean;
}

/**
 * From the request of the command to the request of its last invocation. If the invocations on some of its nodes are
 * unknown, the span ends where the command's last invocation may have been requested. Undefined if the archive does not
 * know the command.
 */
export function commandSpan(
  sqlite: Database,
  { accountId, region }: SourceKey,
  commandId: string,
  spreadMs: number,
): CommandSpan | undefined {
  const row = prepareOnce<
    unknown[],
    { first: string | null; last: string | null; isListed: number; targets: number | null; invocations: number }
  >(
    sqlite,
    `SELECT coalesce(min(c.requested_at), min(i.requested_at)) AS first, max(coalesce(max(i.requested_at), max(c.requested_at)), coalesce((SELECT max(s.last_requested_at) FROM sealed_commands s
              WHERE s.account_id = c.account_id AND s.region = c.region AND s.command_id = c.command_id), '')) AS last,
            c.fingerprint IS NOT NULL AS isListed, c.target_count AS targets,
            count(i.id) + ${sealedInvocationsOf('c')} AS invocations
       FROM commands c LEFT JOIN invocations i USING (account_id, region, command_id)
      WHERE c.account_id = ? AND c.region = ? AND c.command_id = ?`,
  ).get(accountId, region, commandId);
  if (!row?.first || !row.last) return undefined;
  const from = Date.parse(row.first);
  const last = Date.parse(row.last) + 1;
  const isWhole = row.targets !== null && row.targets > 0 && row.invocations >= row.targets;
  const isShort = row.targets !== null && row.invocations < row.targets;
  return { from, to: isShort ? Math.max(last, from + spreadMs) : last, isListed: row.isListed === 1, isWhole };
}
