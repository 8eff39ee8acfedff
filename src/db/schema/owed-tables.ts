import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The sources that a configuration named, each of which is owed until somebody ends it. One that was ended stays as a row. */
export const owedSources = sqliteTable('owed_sources', {
  id: integer().primaryKey(),
  alias: text().notNull(),
  /** NULL until it is known, from the configuration or by the service's first answer. */
  accountId: text('account_id'),
  region: text(),
  sinceAt: text('since_at').notNull(),
  endedAt: text('ended_at'),
  endedBy: text('ended_by'),
  endReason: text('end_reason'),
  /** 1 where it turned out that its account and region are collected by another name: then it never was owed by this one. */
  isDouble: integer('is_double').notNull().default(0),
});
