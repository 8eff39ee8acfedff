import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { COUNTER_COLUMNS, COUNTER_VALUES } from '../../db/sql/counters-sql.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { rowEntry } from '../../ledger/entries/entries.ts';
import { readRow } from '../../ledger/entries/read-row.ts';
import type { Tally } from '../../model/coverage/counters.ts';
import type { Outcome } from '../../model/coverage/outcomes.ts';

/**
 * Opens a pass and returns its id. Also closes passes and sweeps that a dead collector left open: these count as
 * interrupted. The caller has the lease, so none of them is still running.
 */
export function beginRun(sqlite: Database, run: { startedAt: string; collector: string }): number {
  return sqlite
    .transaction(() => {
      const died = 'The collector ended before it could record the end.';
      const lost = idsOfRunning(sqlite, 'sweeps');
      prepareOnce(sqlite, "UPDATE sweeps SET outcome = 'interrupted', error = ? WHERE outcome = 'running'").run(died);
      const left = idsOfRunning(sqlite, 'runs');
      prepareOnce(sqlite, "UPDATE runs SET outcome = 'interrupted' WHERE outcome = 'running'").run();
      createLedger(sqlite).add('row', [
        ...lost.map((key) => rowEntry('sweeps', readRow(sqlite, 'sweeps', key), { covered: [] })),
        ...left.map((key) => rowEntry('runs', readRow(sqlite, 'runs', key))),
      ]);
      const insert = prepareOnce<[object], unknown>(
        sqlite,
        "INSERT INTO runs (started_at, outcome, collector) VALUES (:startedAt, 'running', :collector)",
      );
      return Number(insert.run(run).lastInsertRowid);
    })
    .immediate();
}

function idsOfRunning(sqlite: Database, table: 'runs' | 'sweeps'): { id: number }[] {
  return prepareOnce<[], { id: number }>(sqlite, `SELECT id FROM ${table} WHERE outcome = 'running'`).all();
}

/** Closes a pass. */
export function finishRun(sqlite: Database, id: number, end: { finishedAt: string; outcome: Outcome }): void {
  sqlite
    .transaction(() => {
      prepareOnce<[object], unknown>(
        sqlite,
        'UPDATE runs SET finished_at = :finishedAt, outcome = :outcome WHERE id = :id',
      ).run({ ...end, id });
      createLedger(sqlite).add('row', [rowEntry('runs', readRow(sqlite, 'runs', { id }))]);
    })
    .immediate();
}

/** How one source of a pass ended. `accountId` is null if the account could not be found out. */
export interface SourceResult extends Tally {
  alias: string;
  region: string;
  accountId: string | null;
  outcome: Outcome;
  error: string | null;
  clockSkewMs: number | null;
  startedAt: string;
  finishedAt: string;
}

/** Stores the result of one source of a pass. */
export function recordRunSource(sqlite: Database, runId: number, result: SourceResult): void {
  sqlite
    .transaction(() => {
      prepareOnce<[object], unknown>(
        sqlite,
        `INSERT INTO run_sources (run_id, alias, region, account_id, outcome, error, ${COUNTER_COLUMNS}, clock_skew_ms,
           started_at, finished_at)
         VALUES (:runId, :alias, :region, :accountId, :outcome, :error, ${COUNTER_VALUES}, :clockSkewMs, :startedAt,
           :finishedAt)`,
      ).run({ runId, ...result });
      const key = { run_id: runId, alias: result.alias, region: result.region };
      createLedger(sqlite).add('row', [rowEntry('run_sources', readRow(sqlite, 'run_sources', key))]);
    })
    .immediate();
}
