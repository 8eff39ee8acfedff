import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { COMMAND_MEMBERS } from '../../model/members.ts';
import type { WithColumnsOf } from '../member-columns.ts';
import { FINAL_LIST } from '../sql/final-sql.ts';

/** Commands: what was sent, to which nodes, and how far the command has come. */
export const commands = sqliteTable(
  'commands',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    documentName: text('document_name'),
    documentVersion: text('document_version'),
    comment: text(),
    requestedAt: text('requested_at'),
    firstSeenAt: text('first_seen_at').notNull(),
    status: text(),
    statusDetails: text('status_details'),
    parameters: text('parameters_json'),
    instanceIds: text('instance_ids_json'),
    targets: text('targets_json'),
    targetCount: integer('target_count'),
    completedCount: integer('completed_count'),
    errorCount: integer('error_count'),
    deliveryTimedOutCount: integer('delivery_timed_out_count'),
    maxConcurrency: text('max_concurrency'),
    maxErrors: text('max_errors'),
    timeoutSeconds: integer('timeout_seconds'),
    expiresAt: text('expires_at'),
    outputS3Region: text('output_s3_region'),
    outputS3BucketName: text('output_s3_bucket_name'),
    outputS3KeyPrefix: text('output_s3_key_prefix'),
    serviceRole: text('service_role'),
    notificationArn: text('notification_arn'),
    notificationEvents: text('notification_events_json'),
    notificationType: text('notification_type'),
    cloudwatchLogGroup: text('cloudwatch_log_group'),
    isCloudwatchOutputEnabled: integer('is_cloudwatch_output_enabled'),
    otherMembersJson: text('other_members_json'),
    changedAt: text('changed_at'),
    fingerprint: blob({ mode: 'buffer' }),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.region, t.commandId] }),
    index('commands_requested_at').on(t.requestedAt, t.commandId, t.accountId, t.region),
    index('commands_account').on(t.accountId, t.region, t.requestedAt, t.commandId),
    index('commands_unended')
      .on(t.accountId, t.region, t.requestedAt)
      .where(sql.raw(`status NOT IN ${FINAL_LIST}`)),
  ],
) satisfies WithColumnsOf<typeof COMMAND_MEMBERS>;

/**
 * How much later than its command an invocation may be requested: the time that is assumed for a source, and the
 * longest that was seen.
 */
export const commandSpreads = sqliteTable(
  'command_spreads',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    assumedMs: integer('assumed_ms').notNull(),
    longestMs: integer('longest_ms').notNull(),
    commandId: text('command_id'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] })],
);

/** Up to which time the commands of a source were listed completely. */
export const commandListings = sqliteTable(
  'command_listings',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    listedToAt: text('listed_to_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] })],
);
