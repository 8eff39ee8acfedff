import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * Ended commands of which the archive never had as many invocations as the service's TargetCount, and how many they
 * lack. A command that was cancelled or ended at its MaxErrors never reaches the rest of its targets, so this does not
 * make a span incomplete.
 */
export interface ShortCommands {
  shortCommands: number;
  missingInvocations: number;
}

/** Counts the short commands of an account and region that were requested in a span, given as ISO times. */
export function readShort(
  sqlite: Database,
  { accountId, region }: SourceKey,
  { from, to }: { from: string; to: string },
): ShortCommands {
  const found = prepareOnce<unknown[], ShortCommands>(
    sqlite,
    `SELECT count(*) AS shortCommands, coalesce(sum(missing), 0) AS missingInvocations FROM main.short_commands
      WHERE account_id = ? AND region = ? AND requested_at >= ? AND requested_at < ?`,
  ).get(accountId, region, from, to);
  return found ?? { shortCommands: 0, missingInvocations: 0 };
}

/** One sentence about short commands, without the name of their account and region; undefined if there are none. */
export function sayShort({ shortCommands, missingInvocations }: ShortCommands): string | undefined {
  if (shortCommands === 0) return undefined;
  const commands = shortCommands === 1 ? '1 ended command has' : `${shortCommands} ended commands have`;
  const missing = missingInvocations === 1 ? '1 invocation' : `${missingInvocations} invocations`;
  return `${commands} ${missing} fewer here than the service counted targets. A command that was cancelled or stopped after too many errors never reaches the rest of its targets.`;
}
