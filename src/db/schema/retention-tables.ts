import { sql } from 'drizzle-orm';
import { blob, check, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What must not be pruned, why, and by whose order. A released hold stays as a row. */
export const holds = sqliteTable('holds', {
  id: integer().primaryKey(),
  accountId: text('account_id'),
  region: text(),
  commandId: text('command_id'),
  instanceId: text('instance_id'),
  fromAt: text('from_at'),
  toAt: text('to_at'),
  reason: text().notNull(),
  placedBy: text('placed_by').notNull(),
  placedAt: text('placed_at').notNull(),
  releaseReason: text('release_reason'),
  releasedBy: text('released_by'),
  releasedAt: text('released_at'),
});

/** The leaves that lost rows or outputs to pruning. Their tombstones in the ledger say the same. */
export const prunedLeaves = sqliteTable(
  'pruned_leaves',
  {
    what: text().notNull(),
    fromSeq: integer('from_seq').notNull(),
    toSeq: integer('to_seq').notNull(),
    tombstoneSeq: integer('tombstone_seq').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.what, t.fromSeq] }),
    check('pruned_leaves_what', sql`${t.what} IN ('entries', 'outputs')`),
    check('pruned_leaves_span', sql`${t.fromSeq} <= ${t.toSeq}`),
  ],
);

/**
 * The digest that a state batch had before some of its states were pruned. The leaf of the batch's first state contains
 * that digest.
 */
export const prunedBatches = sqliteTable('pruned_pages', {
  batchId: integer('page_id').primaryKey(),
  originalSha256: blob('original_sha256', { mode: 'buffer' }).notNull(),
});
