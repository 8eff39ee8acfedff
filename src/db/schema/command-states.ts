import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { stateDictionaries } from './schema.ts';

/** Every state in which a command was seen. Its entry in the ledger has the same seq. */
export const commandStates = sqliteTable(
  'command_states',
  {
    seq: integer().primaryKey(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    observedAt: text('observed_at').notNull(),
    /** The operation whose reply showed it. ListCommandInvocations shows only a few of a command's members. */
    seenIn: text('seen_in').notNull(),
    status: text(),
    statusDetails: text('status_details'),
    targetCount: integer('target_count'),
    completedCount: integer('completed_count'),
    errorCount: integer('error_count'),
    deliveryTimedOutCount: integer('delivery_timed_out_count'),
    dictionaryId: integer('dictionary_id').references(() => stateDictionaries.id),
    /**
     * The command as AWS sent it, compressed as the states of invocations are. NULL, as its dictionary, salt and
     * fingerprint are, for states from before this table: their entries have the command's row in plain text.
     */
    state: blob({ mode: 'buffer' }),
    /** The secret from which the salts of its commitments are made. */
    salt: blob({ mode: 'buffer' }),
    /** The command's fingerprint at that time; NULL if the state was seen in ListCommandInvocations. */
    fingerprint: blob({ mode: 'buffer' }),
  },
  (t) => [
    index('command_states_command').on(t.commandId, t.accountId, t.region),
    check('command_states_seen_in', sql`${t.seenIn} IN ('ListCommands', 'ListCommandInvocations')`),
  ],
);

/**
 * The ended commands of which the archive never had as many invocations as the service's TargetCount. Pruning changes
 * nothing here: what it removes was there.
 */
export const shortCommands = sqliteTable(
  'short_commands',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    requestedAt: text('requested_at'),
    missing: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.region, t.commandId] }),
    index('short_commands_requested_at').on(t.accountId, t.region, t.requestedAt),
    check('short_commands_missing', sql`${t.missing} > 0`),
  ],
);
