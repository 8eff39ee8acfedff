import type { Database } from 'better-sqlite3';
import { COMMAND_MEMBERS, membersOf } from '../../model/members.ts';
import type { NormalizedCommand, ObservedCommand } from '../../model/observed-command.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { createShortRecorder } from './create-short-recorder.ts';
import { createSpreadRecorder } from './create-spread-recorder.ts';
import { createCommandStateRecorder } from './record-command-states.ts';

/** The columns of `commands` that a listing of commands fills, with their members. */
export const LISTED_COLUMNS: readonly { name: keyof NormalizedCommand; column: string }[] = [
  ...membersOf(COMMAND_MEMBERS),
  { name: 'otherMembersJson', column: 'other_members_json' },
];

/**
 * Prepares the statements once and returns a function that records a reply of commands from ListCommands in one
 * transaction. Nothing is written for a command that has not changed since it was last seen.
 */
export function createListedCommandRecorder(
  sqlite: Database,
): (source: SourceKey, observedAt: string, commands: readonly ObservedCommand[]) => void {
  const columns = [...LISTED_COLUMNS.map(({ column }) => column), 'changed_at', 'fingerprint'];
  const values = [...LISTED_COLUMNS.map(({ name }) => name), 'observedAt', 'fingerprint'].map((name) => `:${name}`);
  const isSame = sqlite
    .prepare<unknown[], number>(
      'SELECT 1 FROM commands WHERE account_id = ? AND region = ? AND command_id = ? AND fingerprint = ?',
    )
    .pluck();
  const states = createCommandStateRecorder(sqlite);
  const spreads = createSpreadRecorder(sqlite);
  const shorts = createShortRecorder(sqlite);
  const upsert = sqlite.prepare(
    `INSERT INTO commands (account_id, region, command_id, first_seen_at, ${columns.join(', ')})
     VALUES (:accountId, :region, :commandId, :observedAt, ${values.join(', ')})
     ON CONFLICT (account_id, region, command_id) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
  const record = sqlite.transaction(
    ({ accountId, region }: SourceKey, observedAt: string, commands: readonly ObservedCommand[]) => {
      const source = { accountId, region };
      for (const { commandId, fingerprint, columns: now } of commands) {
        // A command without a row has no invocations here, so there is nothing to measure yet.
        const sentAt = spreads.sentAtOf(source, commandId);
        upsert.run({ accountId, region, commandId, observedAt, fingerprint, ...now });
        shorts.command(source, commandId);
        if (sentAt !== undefined && sentAt !== now.requestedAt) spreads.command(source, commandId, now.requestedAt);
      }
      const seenIn = 'ListCommands' as const;
      states.record(commands.map((command) => ({ ...command, source, observedAt, seenIn })));
    },
  );
  return (source, observedAt, commands) => {
    /** The state in which this reply last showed each of its commands: one reply may show a command twice. */
    const shown = new Map<string, string>();
    const changed = commands.filter(({ commandId, fingerprint, stateJson }) => {
      const before = shown.get(commandId);
      shown.set(commandId, stateJson);
      if (before !== undefined) return before !== stateJson;
      // Equal fingerprints show quickly that nothing changed. If they differ, only the order of members may have changed.
      if (isSame.get(source.accountId, source.region, commandId, fingerprint)) return false;
      return states.lastStateOf(source, commandId) !== stateJson;
    });
    if (changed.length > 0) record.immediate(source, observedAt, changed);
  };
}
