import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * How far late looks at the final invocations of an account and region have come, and how many invocations never got
 * one.
 */
export const lateLooks = sqliteTable(
  'late_looks',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    /**
     * Each invocation that was requested before this time and is not older than 29 days got a late look, is owed one,
     * or was left out.
     */
    lookedToAt: text('looked_to_at').notNull(),
    /**
     * The requested time at which the next look begins. It is earlier than lookedToAt while looks repeat over all
     * invocations.
     */
    nextFromAt: text('next_from_at').notNull(),
    /** How many invocations a call has returned recently. */
    rowsACall: integer('rows_a_call').notNull(),
    leftOut: integer('left_out').notNull(),
    lookedAt: text('looked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] })],
);

/** A final invocation that was requested before looked_to_at and has had no late look since it was recorded. */
export const lateLooksOwed = sqliteTable(
  'late_looks_owed',
  {
    invocationId: integer('invocation_id').primaryKey(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    requestedAt: text('requested_at').notNull(),
  },
  (t) => [index('late_looks_owed_place').on(t.accountId, t.region, t.requestedAt)],
);
