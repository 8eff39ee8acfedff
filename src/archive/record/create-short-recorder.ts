import type { Database } from 'better-sqlite3';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { sealedInvocationsOf } from '../sealed/count-gone.ts';

export interface ShortRecorder {
  /** Counts the invocations of a command again. Call it in the transaction that wrote the command. */
  command(source: SourceKey, commandId: string): void;
  /**
   * Subtracts invocations that were added. They are not counted again, since those that were pruned must not be counted
   * as missing.
   */
  invocations(source: SourceKey, commandId: string, added: number): void;
}

/**
 * Prepares the statements once and returns functions that keep `short_commands`: the ended commands of which the archive
 * has fewer invocations than the service's TargetCount.
 */
export function createShortRecorder(sqlite: Database): ShortRecorder {
  const whole = sqlite.prepare(
    'DELETE FROM short_commands WHERE account_id = ? AND region = ? AND command_id = ? AND missing <= ?',
  );
  const subtract = sqlite.prepare(
    'UPDATE short_commands SET missing = missing - ? WHERE account_id = ? AND region = ? AND command_id = ?',
  );
  const remove = sqlite.prepare('DELETE FROM short_commands WHERE account_id = ? AND region = ? AND command_id = ?');
  const add = sqlite.prepare(
    `INSERT INTO short_commands (account_id, region, command_id, requested_at, missing)
     SELECT account_id, region, command_id, requested_at, target_count - known FROM (
       SELECT c.*, (SELECT count(*) FROM invocations i INDEXED BY invocations_key
          WHERE i.command_id = c.command_id AND i.account_id = c.account_id AND i.region = c.region) + ${sealedInvocationsOf('c')} AS known
         FROM commands c WHERE c.account_id = ? AND c.region = ? AND c.command_id = ? AND c.status IN ${FINAL_LIST})
      WHERE target_count > known`,
  );
  return {
    command({ accountId, region }, commandId) {
      remove.run(accountId, region, commandId);
      add.run(accountId, region, commandId);
    },
    invocations({ accountId, region }, commandId, added) {
      if (added === 0) return;
      whole.run(accountId, region, commandId, added);
      subtract.run(added, accountId, region, commandId);
    },
  };
}
