import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { selectMembers } from '../../db/select-members.ts';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { COMMAND_MEMBERS } from '../../model/members.ts';
import type { NormalizedCommand } from '../../model/observed-command.ts';
import { type InvocationTables, PRESENT } from '../invocations/invocation-filter.ts';
import { type StatusCount, type StatusCounts, sumByStatus } from '../shared/status-counts.ts';
import type { SenderView } from './get-sender.ts';
import { type CommandKey, type ShownCommand, shownCommand } from './shown-command.ts';

/**
 * A command with its nodes counted by status. The status is the one that the service gave the command itself, which may
 * differ from the status of every node. A command that ListCommands never showed has only the members that its
 * invocations have. Times are ISO text: the first and last request to a node, and the last change.
 */
export interface CommandView extends CommandKey, ShownCommand, CommandCounts {
  /** Whether ListCommands has shown the command. */
  isListed: boolean;
  firstSeenAt: string;
  /**
   * How many invocations the archive never saw of those that the service's TargetCount counts; null while the command
   * runs, and if that number is not known. A command that was cancelled or ended at its MaxErrors never reaches the rest
   * of its targets. Pruned invocations are not missing.
   */
  missingInvocations: number | null;
  /** Who sent it; null if no event of CloudTrail was imported for it. */
  sender: SenderView | null;
}

/** What the invocations of a command say together. */
export interface CommandCounts {
  lastRequestedAt: string | null;
  changedAt: string | null;
  invocations: number;
  byStatus: StatusCounts;
}

/** A command as a row with the columns COMMAND_COLUMNS. */
export type CommandRow = CommandKey &
  NormalizedCommand & {
    firstSeenAt: string;
    isListed: 0 | 1;
    missingInvocations: number | null;
  };

export const COMMAND_COLUMNS = `c.account_id AS accountId, c.region, c.command_id AS commandId,
  ${selectMembers(COMMAND_MEMBERS, 'c')}, c.other_members_json AS otherMembersJson,
  c.fingerprint IS NOT NULL AS isListed, c.first_seen_at AS firstSeenAt,
  CASE WHEN c.target_count IS NOT NULL AND c.status IN ${FINAL_LIST} THEN coalesce((SELECT m.missing FROM short_commands m
    WHERE m.account_id = c.account_id AND m.region = c.region AND m.command_id = c.command_id), 0) END AS missingInvocations`;

/** Returns a row of COMMAND_COLUMNS, with the counts of its invocations and its sender, as the API shows it. */
export function commandView(
  { accountId, region, commandId, firstSeenAt, isListed, missingInvocations, ...stored }: CommandRow,
  counts: CommandCounts,
  sender: SenderView | undefined,
): CommandView {
  const shown = shownCommand(stored);
  const key = { accountId, region, commandId };
  const more = { isListed: isListed === 1, firstSeenAt, ...counts, missingInvocations };
  return { ...key, ...shown, ...more, sender: sender ?? null };
}

/** Without this, SQLite may choose an index with fewer columns. */
const BY_COMMAND: Readonly<Record<string, string>> = { [PRESENT.invocations]: 'INDEXED BY invocations_key' };

/**
 * Prepares the statement once and returns a function that sums up a command's invocations: those of a table, and for the
 * present table also those that are in the lake alone.
 */
export function createCommandCounter(
  sqlite: Database,
  { invocations }: InvocationTables = PRESENT,
): (key: CommandKey) => CommandCounts {
  const isOfCommand = 'WHERE command_id = :commandId AND account_id = :accountId AND region = :region';
  const sealed =
    invocations === PRESENT.invocations
      ? `UNION ALL SELECT status, invocations, last_requested_at, last_changed_at FROM sealed_commands ${isOfCommand} AND invocations > 0`
      : '';
  const read = prepareOnce<[object], StatusCount & { lastRequestedAt: string | null; changedAt: string }>(
    sqlite,
    `SELECT status, sum(count) AS count, max(lastRequestedAt) AS lastRequestedAt, max(changedAt) AS changedAt FROM (
       SELECT status, count(*) AS count, max(requested_at) AS lastRequestedAt, max(changed_at) AS changedAt
         FROM ${invocations} ${BY_COMMAND[invocations] ?? ''} ${isOfCommand} GROUP BY status ${sealed}
     ) GROUP BY status ORDER BY status`,
  );
  return ({ commandId, accountId, region }: CommandKey) => {
    const rows = read.all({ commandId, accountId, region });
    return {
      lastRequestedAt: latest(rows.map((row) => row.lastRequestedAt)),
      changedAt: latest(rows.map((row) => row.changedAt)),
      ...sumByStatus(rows),
    };
  };
}

function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}
