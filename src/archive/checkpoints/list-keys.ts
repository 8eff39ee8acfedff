import type { Database } from 'better-sqlite3';
import { isoFromMs } from '../../lib/time.ts';
import type { Span } from '../../model/coverage/spans.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * The command and node of each invocation in an account and region, if both the command and the invocation were
 * requested within a span. Older commands are left out because the service may have forgotten them.
 */
export function listKeys(
  sqlite: Database,
  { accountId, region }: SourceKey,
  { from, to }: Span,
): { commandId: string; instanceId: string }[] {
  return sqlite
    .prepare<unknown[], { commandId: string; instanceId: string }>(
      `SELECT i.command_id AS commandId, i.instance_id AS instanceId
         FROM invocations i JOIN commands c USING (account_id, region, command_id)
        WHERE i.account_id = :accountId AND i.region = :region AND i.requested_at >= :fromAt AND i.requested_at < :toAt AND c.requested_at >= :fromAt`,
    )
    .all({ accountId, region, fromAt: isoFromMs(from), toAt: isoFromMs(to) });
}
