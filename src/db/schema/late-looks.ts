import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** How far the final invocations of a place have been looked at once more, and how many never were. */
export const lateLooks = sqliteTable(
  'late_looks',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    /** All that was requested before, from the 29th day on, was looked at, or is owed a look by itself, or was left out. */
    lookedToAt: text('looked_to_at').notNull(),
    /** Where the next look begins: earlier than that while all is looked at yet another time. */
    nextFromAt: text('next_from_at').notNull(),
    /** How many invocations a call has brought lately. */
    rowsACall: integer('rows_a_call').notNull(),
    leftOut: integer('left_out').notNull(),
    lookedAt: text('looked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] })],
);

/** A final invocation that lies before looked_to_at and has not been looked at since it came there. */
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
