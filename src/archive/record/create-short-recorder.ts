import type { Database } from 'better-sqlite3';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

export interface ShortRecorder {
  /** Counts the invocations of a command again. Call it in the transaction that wrote the command. */
  command(source: SourceKey, commandId: string): void;
  /** The same after invocations were added: only a command that lacked some can have changed. */
  invocations(source: SourceKey, commandId: string): void;
}

/**
 * Prepares the statements once and returns functions that keep `short_commands`: the ended commands of which the archive
 * has fewer invocations than the service's TargetCount.
 */
export function createShortRecorder(sqlite: Database): ShortRecorder {
  const isShort = sqlite
    .prepare<unknown[], number>('SELECT 1 FROM short_commands WHERE account_id = ? AND region = ? AND command_id = ?')
    .pluck();
  const remove = sqlite.prepare('DELETE FROM short_commands WHERE account_id = ? AND region = ? AND command_id = ?');
  const add = sqlite.prepare(
    `INSERT INTO short_commands (account_id, region, command_id, requested_at, missing)
     SELECT account_id, region, command_id, requested_at, target_count - known FROM (
       SELECT c.*, (SELECT count(*) FROM invocations i INDEXED BY invocations_key
          WHERE i.command_id = c.command_id AND i.account_id = c.account_id AND i.region = c.region) AS known
         FROM commands c WHERE c.account_id = ? AND c.region = ? AND c.command_id = ? AND c.status IN ${FINAL_LIST})
      WHERE target_count > known`,
  );
  const command = ({ accountId, region }: SourceKey, commandId: string) => {
    remove.run(accountId, region, commandId);
    add.run(accountId, region, commandId);
  };
  return {
    command,
    invocations(source, commandId) {
      if (isShort.get(source.accountId, source.region, commandId) === 1) command(source, commandId);
    },
  };
}
