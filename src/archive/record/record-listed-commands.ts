import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry, type TableRow } from '../../ledger/entries/entries.ts';
import { COMMAND_MEMBERS, membersOf } from '../../model/members.ts';
import type { NormalizedCommand, ObservedCommand } from '../../model/observed-command.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { createSpreadRecorder } from './create-spread-recorder.ts';

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
  const ledger = createLedger(sqlite);
  const spreads = createSpreadRecorder(sqlite);
  const upsert = sqlite.prepare<unknown[], TableRow>(
    `INSERT INTO commands (account_id, region, command_id, first_seen_at, ${columns.join(', ')})
     VALUES (:accountId, :region, :commandId, :observedAt, ${values.join(', ')})
     ON CONFLICT (account_id, region, command_id) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}
     RETURNING *`,
  );
  const record = sqlite.transaction(
    ({ accountId, region }: SourceKey, observedAt: string, commands: readonly ObservedCommand[]) => {
      const rows = commands.map(({ commandId, fingerprint, columns: now }) => {
        // A command without a row has no invocations here, so there is nothing to measure yet.
        const sentAt = spreads.sentAtOf({ accountId, region }, commandId);
        const row = upsert.get({ accountId, region, commandId, observedAt, fingerprint, ...now });
        if (sentAt !== undefined && sentAt !== now.requestedAt)
          spreads.command({ accountId, region }, commandId, now.requestedAt);
        return row;
      });
      ledger.add(
        'row',
        rows.flatMap((row) => (row ? [rowEntry('commands', row)] : [])),
      );
    },
  );
  return (source, observedAt, commands) => {
    const changed = commands.filter(
      ({ commandId, fingerprint }) => !isSame.get(source.accountId, source.region, commandId, fingerprint),
    );
    if (changed.length > 0) record.immediate(source, observedAt, changed);
  };
}
