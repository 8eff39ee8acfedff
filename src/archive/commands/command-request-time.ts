import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/** The time at which a command was sent, as far as the archive knows it. */
export function readCommandTime(
  sqlite: Database,
  { accountId, region }: SourceKey,
  commandId: string,
): string | undefined {
  const sql = 'SELECT requested_at FROM commands WHERE account_id = ? AND region = ? AND command_id = ?';
  const at = prepareOnce<unknown[], string | null>(sqlite, sql).pluck().get(accountId, region, commandId);
  return at ?? undefined;
}
