import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { COMMAND_COLUMNS, type CommandRow } from './command-view.ts';
import { type CommandKey, type ShownCommand, shownCommand } from './shown-command.ts';

/** A command's members without anything about its invocations. */
export interface ReadCommand extends ShownCommand {
  /** Whether ListCommands has shown the command. */
  isListed: boolean;
}

/** A command's members as last seen; undefined if the archive does not have the command. */
export function readCommand(sqlite: Database, { accountId, region, commandId }: CommandKey): ReadCommand | undefined {
  const row = prepareOnce<unknown[], CommandRow>(
    sqlite,
    `SELECT ${COMMAND_COLUMNS} FROM commands c WHERE c.account_id = ? AND c.region = ? AND c.command_id = ?`,
  ).get(accountId, region, commandId);
  if (!row) return undefined;
  const { accountId: _, region: __, commandId: ___, firstSeenAt: ____, missingInvocations: _____, ...members } = row;
  const { isListed, ...stored } = members;
  return { ...shownCommand(stored), isListed: isListed === 1 };
}
