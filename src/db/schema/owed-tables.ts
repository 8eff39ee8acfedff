import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The sources that a configuration named. Each is owed until somebody ends it. An ended one stays as a row. */
export const owedSources = sqliteTable('owed_sources', {
  id: integer().primaryKey(),
  alias: text().notNull(),
  /** NULL until the account is known, from the configuration or from the service's first reply. */
  accountId: text('account_id'),
  region: text(),
  sinceAt: text('since_at').notNull(),
  endedAt: text('ended_at'),
  endedBy: text('ended_by'),
  endReason: text('end_reason'),
  /**
   * 1 if the source's account and region turned out to be collected under another alias: then the source was never owed
   * under this alias.
   */
  isDouble: integer('is_double').notNull().default(0),
});
