import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { INVOCATION_MEMBERS, STEP_MEMBERS } from '../../model/members.ts';
import type { WithColumnsOf } from '../member-columns.ts';
import { allButSuccess } from '../sql/all-but-success.ts';
import { isUnfinished } from '../sql/final-sql.ts';

// drizzle-kit does not write STRICT, triggers or views. These were added to the migrations by hand, and
// test/db/schema/schema.test.ts compares the two. docs/schema.md has a sentence for every name here. The tables of
// commands are in commands.ts and command-senders.ts, those of passes in pass-tables.ts, those of the ledger in
// ledger-tables.ts, and those of retention in retention-tables.ts.

export const invocations = sqliteTable(
  'invocations',
  {
    id: integer().primaryKey(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    instanceId: text('instance_id').notNull(),
    instanceName: text('instance_name'),
    comment: text(),
    documentName: text('document_name'),
    documentVersion: text('document_version'),
    requestedAt: text('requested_at'),
    status: text(),
    statusDetails: text('status_details'),
    traceOutput: text('trace_output'),
    standardOutputUrl: text('standard_output_url'),
    standardErrorUrl: text('standard_error_url'),
    serviceRole: text('service_role'),
    notificationArn: text('notification_arn'),
    notificationEvents: text('notification_events_json'),
    notificationType: text('notification_type'),
    cloudwatchLogGroup: text('cloudwatch_log_group'),
    isCloudwatchOutputEnabled: integer('is_cloudwatch_output_enabled'),
    firstSeenAt: text('first_seen_at').notNull(),
    changedAt: text('changed_at').notNull(),
    fingerprint: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [
    uniqueIndex('invocations_key').on(t.commandId, t.accountId, t.region, t.instanceId),
    index('invocations_requested_at').on(t.requestedAt),
    index('invocations_changed_at').on(t.changedAt),
    index('invocations_account').on(t.accountId, t.region, t.requestedAt),
    index('invocations_document').on(t.documentName, t.requestedAt),
    index('invocations_instance').on(t.instanceId, t.requestedAt),
    index('invocations_status')
      .on(t.status, t.requestedAt)
      .where(sql.raw(allButSuccess('status'))),
    index('invocations_status_details')
      .on(t.statusDetails, t.requestedAt)
      .where(sql.raw(allButSuccess('status_details'))),
    index('invocations_changed_later').on(t.changedAt, t.firstSeenAt).where(sql`changed_at > first_seen_at`),
    index('invocations_ahead').on(t.requestedAt).where(sql`requested_at > first_seen_at`),
    index('invocations_unfinished')
      .on(t.accountId, t.region, t.commandId)
      .where(sql.raw(`${isUnfinished('status')}`)),
  ],
) satisfies WithColumnsOf<typeof INVOCATION_MEMBERS>;

export const outputs = sqliteTable(
  'outputs',
  {
    id: integer().primaryKey(),
    sha256: blob({ mode: 'buffer' }).notNull(),
    text: text().notNull(),
    sizeBytes: integer('size_bytes').notNull(),
  },
  (t) => [uniqueIndex('outputs_sha256').on(t.sha256)],
);

export const plugins = sqliteTable(
  'plugins',
  {
    invocationId: integer('invocation_id')
      .notNull()
      .references(() => invocations.id),
    position: integer().notNull(),
    name: text(),
    status: text(),
    statusDetails: text('status_details'),
    responseCode: integer('response_code'),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    outputId: integer('output_id').references(() => outputs.id),
    standardOutputUrl: text('standard_output_url'),
    standardErrorUrl: text('standard_error_url'),
    outputS3Region: text('output_s3_region'),
    outputS3BucketName: text('output_s3_bucket_name'),
    outputS3KeyPrefix: text('output_s3_key_prefix'),
    isOutputPruned: integer('is_output_pruned').notNull().default(0),
    /**
     * The result of wasSkipped in src/model/skipped-steps.ts; NULL if the output was pruned before this column existed.
     */
    isSkipped: integer('is_skipped').default(0),
  },
  (t) => [
    primaryKey({ columns: [t.invocationId, t.position] }),
    index('plugins_output_id').on(t.outputId),
    index('plugins_response_code').on(t.responseCode).where(sql`response_code <> 0`),
  ],
) satisfies WithColumnsOf<typeof STEP_MEMBERS>;

export const dailyCounts = sqliteTable(
  'daily_counts',
  {
    id: integer().primaryKey(),
    day: text(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    documentName: text('document_name'),
    status: text(),
    statusDetails: text('status_details'),
    invocations: integer().notNull(),
  },
  (t) => [
    uniqueIndex('daily_counts_key').on(t.day, t.accountId, t.region, t.documentName, t.status, t.statusDetails),
    check('daily_counts_invocations', sql`${t.invocations} >= 0`),
  ],
);

export const stateDictionaries = sqliteTable('state_dictionaries', {
  id: integer().primaryKey(),
  bytes: blob({ mode: 'buffer' }).notNull(),
});

export const stateBatches = sqliteTable('revision_pages', {
  id: integer().primaryKey(),
  dictionaryId: integer('dictionary_id')
    .notNull()
    .references(() => stateDictionaries.id),
  states: blob({ mode: 'buffer' }).notNull(),
  /**
   * The secret from which the salts of the batch's commitments are made; NULL for batches from before there were
   * commitments.
   */
  salt: blob({ mode: 'buffer' }),
});

export const revisions = sqliteTable(
  'revisions',
  {
    seq: integer().primaryKey(),
    invocationId: integer('invocation_id')
      .notNull()
      .references(() => invocations.id),
    observedAt: text('observed_at').notNull(),
    status: text(),
    statusDetails: text('status_details'),
    pluginCount: integer('plugin_count').notNull(),
    batchId: integer('page_id')
      .notNull()
      .references(() => stateBatches.id),
    line: integer().notNull(),
    /** The fingerprint of the invocation in this state; NULL for revisions from before the ledger existed. */
    fingerprint: blob({ mode: 'buffer' }),
  },
  (t) => [index('revisions_invocation_id').on(t.invocationId)],
);

export const coverage = sqliteTable(
  'coverage',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    fromAt: text('from_at').notNull(),
    toAt: text('to_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.region, t.fromAt] }),
    check('coverage_span', sql`${t.fromAt} < ${t.toAt}`),
  ],
);

export const unfinishedCommands = sqliteTable(
  'unfinished_commands',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    isExecuting: integer('is_executing').notNull(),
    countsJson: text('counts_json'),
    requestedAt: text('requested_at'),
    firstSeenAt: text('first_seen_at').notNull(),
    listedAt: text('listed_at'),
    listedCountsJson: text('listed_counts_json'),
    forgottenAt: text('forgotten_at'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region, t.commandId] })],
);

export const leases = sqliteTable('leases', {
  name: text().primaryKey(),
  holder: text().notNull(),
  host: text().notNull(),
  pid: integer().notNull(),
  takenAt: text('taken_at').notNull(),
  expiresAt: text('expires_at').notNull(),
});
