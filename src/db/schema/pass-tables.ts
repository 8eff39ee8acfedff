import { type SQL, sql } from 'drizzle-orm';
import { type AnySQLiteColumn, check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { byCounter } from '../../model/coverage/counters.ts';
import { END_OUTCOMES, OUTCOMES } from '../../model/coverage/outcomes.ts';

export const runs = sqliteTable(
  'runs',
  {
    id: integer().primaryKey(),
    startedAt: text('started_at').notNull(),
    finishedAt: text('finished_at'),
    outcome: text().notNull(),
    collector: text().notNull(),
  },
  (t) => [index('runs_started_at').on(t.startedAt), check('runs_outcome', oneOf(t.outcome, OUTCOMES))],
);

export const runSources = sqliteTable(
  'run_sources',
  {
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id),
    alias: text().notNull(),
    region: text().notNull(),
    accountId: text('account_id'),
    outcome: text().notNull(),
    error: text(),
    ...byCounter(({ column }) => integer(column).notNull()),
    clockSkewMs: integer('clock_skew_ms'),
    startedAt: text('started_at').notNull(),
    finishedAt: text('finished_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.alias, t.region] }),
    index('run_sources_alias').on(t.alias, t.region, t.runId),
    check('run_sources_outcome', oneOf(t.outcome, END_OUTCOMES)),
  ],
);

export const sweeps = sqliteTable(
  'sweeps',
  {
    id: integer().primaryKey(),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    operation: text().notNull(),
    fromAt: text('from_at'),
    toAt: text('to_at'),
    commandId: text('command_id'),
    instanceId: text('instance_id'),
    startedAt: text('started_at').notNull(),
    finishedAt: text('finished_at'),
    outcome: text().notNull(),
    error: text(),
    ...byCounter(({ column }) => integer(column).notNull()),
    requestIdsJson: text('request_ids_json'),
  },
  (t) => [
    index('sweeps_run_id').on(t.runId),
    index('sweeps_failed').on(t.accountId, t.region, t.fromAt).where(sql`outcome <> 'complete'`),
    check('sweeps_outcome', oneOf(t.outcome, OUTCOMES)),
  ],
);

/** The condition of a constraint: the column has one of these values. */
function oneOf(column: AnySQLiteColumn, values: readonly string[]): SQL {
  return sql`${column} IN (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;
}
