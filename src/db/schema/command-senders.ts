import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who sent a command, according to CloudTrail. */
export const commandSenders = sqliteTable(
  'command_senders',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    eventId: text('event_id').notNull(),
    eventAt: text('event_at').notNull(),
    principalType: text('principal_type'),
    principalArn: text('principal_arn'),
    principalId: text('principal_id'),
    sessionIssuerArn: text('session_issuer_arn'),
    invokedBy: text('invoked_by'),
    sourceIpAddress: text('source_ip_address'),
    userAgent: text('user_agent'),
    isMfaAuthenticated: integer('is_mfa_authenticated'),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.region, t.commandId] }),
    index('command_senders_principal_arn').on(t.principalArn, t.eventAt),
  ],
);
