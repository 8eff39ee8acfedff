import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { isUnfinished } from '../../db/sql/final-sql.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { forgottenEntry, rememberedEntry } from '../../ledger/entries/entries.ts';
import type { ObservedCommand } from '../../model/observed-command.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * A command that must be listed by its id: it is executing, has not been listed since it ended, or has unfinished
 * invocations.
 */
export interface CommandToFollow {
  commandId: string;
  /** Whether the command itself was seen executing. Such a command is kept until it has been listed after its end. */
  isRemembered: boolean;
  isExecuting: boolean;
  countsJson: string | null;
  requestedAt: string | null;
  listedAt: string | null;
  listedCountsJson: string | null;
  /** How many of its invocations are not final, and how many are known in all. */
  unfinishedInstanceIds: string[];
  knownInvocations: number;
}

/**
 * Stores which commands are executing now. All other commands that were seen executing have ended; they stay stored
 * until they have been listed once more.
 */
export function rememberExecuting(
  sqlite: Database,
  { accountId, region }: SourceKey,
  executing: readonly Pick<ObservedCommand, 'commandId' | 'requestedAt' | 'countsJson'>[],
  seenAt: string,
): void {
  sqlite
    .transaction(() => {
      const forgotten = prepareOnce<unknown[], { commandId: string }>(
        sqlite,
        `SELECT command_id AS commandId FROM unfinished_commands
          WHERE account_id = ? AND region = ? AND forgotten_at IS NOT NULL`,
      ).all(accountId, region);
      const now = new Set(executing.map(({ commandId }) => commandId));
      createLedger(sqlite).add(
        'remembered',
        forgotten
          .filter(({ commandId }) => now.has(commandId))
          .map(({ commandId }) => rememberedEntry({ accountId, region, commandId, at: seenAt })),
      );
      prepareOnce(sqlite, 'UPDATE unfinished_commands SET is_executing = 0 WHERE account_id = ? AND region = ?').run(
        accountId,
        region,
      );
      const remember = prepareOnce<[object], unknown>(
        sqlite,
        `INSERT INTO unfinished_commands (account_id, region, command_id, is_executing, counts_json, requested_at, first_seen_at)
         VALUES (:accountId, :region, :commandId, 1, :countsJson, :requestedAt, :seenAt)
         ON CONFLICT (account_id, region, command_id) DO UPDATE SET is_executing = 1, counts_json = excluded.counts_json,
           requested_at = excluded.requested_at, forgotten_at = NULL`,
      );
      for (const { commandId, requestedAt, countsJson } of executing)
        remember.run({ accountId, region, commandId, countsJson, requestedAt, seenAt });
    })
    .immediate();
}

/** All commands that must be listed by id, the oldest first, without commands that the service has forgotten. */
export function listCommandsToFollow(sqlite: Database, { accountId, region }: SourceKey): CommandToFollow[] {
  interface Row extends Omit<CommandToFollow, 'isRemembered' | 'isExecuting' | 'unfinishedInstanceIds'> {
    isRemembered: number;
    isExecuting: number;
    unfinishedJson: string;
  }
  const rows = sqlite
    .prepare<unknown[], Row>(
      `WITH open AS (
         SELECT command_id FROM invocations INDEXED BY invocations_unfinished
          WHERE account_id = :accountId AND region = :region
            AND ${isUnfinished('status')}
         UNION SELECT command_id FROM unfinished_commands WHERE account_id = :accountId AND region = :region
       )
       SELECT o.command_id AS commandId, u.command_id IS NOT NULL AS isRemembered, coalesce(u.is_executing, 0) AS isExecuting, u.counts_json AS countsJson,
              coalesce(u.requested_at, min(i.requested_at)) AS requestedAt, u.listed_at AS listedAt,
              u.listed_counts_json AS listedCountsJson, count(i.id) + coalesce((SELECT sum(s.invocations) FROM sealed_commands s
                WHERE s.command_id = o.command_id AND s.account_id = :accountId AND s.region = :region), 0) AS knownInvocations,
              json_group_array(i.instance_id) FILTER (
                WHERE i.id IS NOT NULL AND ${isUnfinished('i.status')}
              ) AS unfinishedJson
         FROM open o
         LEFT JOIN unfinished_commands u
           ON u.account_id = :accountId AND u.region = :region AND u.command_id = o.command_id
         LEFT JOIN invocations i
           ON i.account_id = :accountId AND i.region = :region AND i.command_id = o.command_id
        WHERE u.forgotten_at IS NULL
        GROUP BY o.command_id
        ORDER BY requestedAt, o.command_id`,
    )
    .all({ accountId, region });
  return rows.map(({ unfinishedJson, isRemembered, isExecuting, ...row }) => ({
    ...row,
    isRemembered: isRemembered === 1,
    isExecuting: isExecuting === 1,
    unfinishedInstanceIds: JSON.parse(unfinishedJson),
  }));
}

/**
 * Notes that a command was listed by its id to the end. If the command had ended by then and all its invocations are
 * final, it is removed from the table, because it needs no more listing. If the service no longer shows the command, it
 * is marked as forgotten.
 */
export function noteListed(
  sqlite: Database,
  { accountId, region }: SourceKey,
  command: CommandToFollow,
  listed: { at: string; isForgotten: boolean },
): void {
  const { commandId, isExecuting, countsJson, requestedAt } = command;
  sqlite
    .transaction(() => {
      if (!isExecuting && !listed.isForgotten) {
        prepareOnce(
          sqlite,
          'DELETE FROM unfinished_commands WHERE account_id = ? AND region = ? AND command_id = ?',
        ).run(accountId, region, commandId);
        return;
      }
      prepareOnce<[object], unknown>(
        sqlite,
        `INSERT INTO unfinished_commands (account_id, region, command_id, is_executing, counts_json, requested_at,
           first_seen_at, listed_at, listed_counts_json, forgotten_at)
         VALUES (:accountId, :region, :commandId, :isExecuting, :countsJson, :requestedAt, :at, :at, :countsJson, :forgottenAt)
         ON CONFLICT (account_id, region, command_id) DO UPDATE SET is_executing = excluded.is_executing,
           listed_at = excluded.listed_at, listed_counts_json = excluded.listed_counts_json,
           forgotten_at = excluded.forgotten_at`,
      ).run({
        ...{ accountId, region, commandId, countsJson, requestedAt, at: listed.at },
        ...{ isExecuting: isExecuting ? 1 : 0, forgottenAt: listed.isForgotten ? listed.at : null },
      });
      if (!listed.isForgotten) return;
      createLedger(sqlite).add('forgotten', [forgottenEntry({ accountId, region, commandId, at: listed.at })]);
    })
    .immediate();
}
