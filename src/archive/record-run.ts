import { eq } from 'drizzle-orm';
import type { ArchiveDb } from '../db/open.ts';
import { runSources, runs, sweeps } from '../db/schema.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { rowEntry } from '../ledger/entries.ts';
import { readRow } from '../ledger/read-row.ts';

export type Outcome = 'complete' | 'failed' | 'interrupted';

/** What a pass, a source or a sweep took: requests and pages, and rows against what the archive knew. */
export interface Tally {
  pages: number;
  calls: number;
  throttles: number;
  faults: number;
  rowsSeen: number;
  rowsAdded: number;
  rowsChanged: number;
}

const TALLY_KEYS = ['pages', 'calls', 'throttles', 'faults', 'rowsSeen', 'rowsAdded', 'rowsChanged'] as const;

/** A tally of nothing yet. */
export function emptyTally(): Tally {
  return { pages: 0, calls: 0, throttles: 0, faults: 0, rowsSeen: 0, rowsAdded: 0, rowsChanged: 0 };
}

/** Adds the second tally to the first. */
export function addTally(sum: Tally, more: Tally): void {
  for (const key of TALLY_KEYS) sum[key] += more[key];
}

/**
 * Opens a pass and returns its id. Passes and sweeps that a collector left open when it died are closed as interrupted:
 * the caller holds the lease, so none of them is alive.
 */
export function beginRun({ orm, sqlite }: ArchiveDb, run: { startedAt: string; collector: string }): number {
  return sqlite
    .transaction(() => {
      const died = 'The collector ended without closing it.';
      const lost = orm.select({ id: sweeps.id }).from(sweeps).where(eq(sweeps.outcome, 'running')).all();
      orm.update(sweeps).set({ outcome: 'interrupted', error: died }).where(eq(sweeps.outcome, 'running')).run();
      const left = orm.select({ id: runs.id }).from(runs).where(eq(runs.outcome, 'running')).all();
      orm.update(runs).set({ outcome: 'interrupted' }).where(eq(runs.outcome, 'running')).run();
      createLedger(sqlite).add('row', [
        ...lost.map((key) => rowEntry('sweeps', readRow(sqlite, 'sweeps', key), { covered: [] })),
        ...left.map((key) => rowEntry('runs', readRow(sqlite, 'runs', key))),
      ]);
      return orm
        .insert(runs)
        .values({ ...run, outcome: 'running' })
        .returning({ id: runs.id })
        .get().id;
    })
    .immediate();
}

/** Closes a pass. */
export function finishRun({ orm, sqlite }: ArchiveDb, id: number, end: { finishedAt: string; outcome: Outcome }): void {
  sqlite
    .transaction(() => {
      orm.update(runs).set(end).where(eq(runs.id, id)).run();
      createLedger(sqlite).add('row', [rowEntry('runs', readRow(sqlite, 'runs', { id }))]);
    })
    .immediate();
}

/** How one source of a pass ended. `accountId` is null where it could not even be asked who it is. */
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

/** Keeps the result of one source of a pass. */
export function recordRunSource({ orm, sqlite }: ArchiveDb, runId: number, result: SourceResult): void {
  sqlite
    .transaction(() => {
      orm
        .insert(runSources)
        .values({ runId, ...result })
        .run();
      const key = { run_id: runId, alias: result.alias, region: result.region };
      createLedger(sqlite).add('row', [rowEntry('run_sources', readRow(sqlite, 'run_sources', key))]);
    })
    .immediate();
}
